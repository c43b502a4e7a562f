// SPDX-License-Identifier: Apache-2.0

/// Durations and sizes as people read them. `public/js/units.js` says the same; a test holds both to one table.
enum ReadableUnits {
    /// Milliseconds: "0.83 ms", "250 ms", "1.2 s", "2 min 5 s".
    static func duration(milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds >= 0, milliseconds < 1e15 else { return "\(milliseconds) ms" }
        if milliseconds < 9.995 { return decimal(milliseconds, places: 2) + " ms" }
        if milliseconds < 999.5 { return decimal(milliseconds, places: 0) + " ms" }
        if milliseconds < 59_950 { return decimal(milliseconds / 1000, places: 1) + " s" }
        let seconds = Int((milliseconds / 1000).rounded())
        return "\(seconds / 60) min \(seconds % 60) s"
    }

    /// Bytes: "512 B", "1.5 KB", "3.1 MB"; 1 MB is 1,048,576 bytes, as the cloud counts memory.
    static func size(bytes: Int) -> String {
        if bytes < 1024 { return "\(bytes) B" }
        let kilobytes = Double(bytes) / 1024
        if kilobytes < 999.5 { return decimal(kilobytes, places: 1) + " KB" }
        return decimal(kilobytes / 1024, places: 1) + " MB"
    }

    /// A decimal without zeros at its end.
    private static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        var fraction = String(scaled % scale + scale).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(scaled / scale)" : "\(scaled / scale).\(fraction)"
    }
}
