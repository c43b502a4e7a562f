// SPDX-License-Identifier: Apache-2.0

import Glibc

// libFuzzer, with the harness that FUZZ_HARNESS names; its options are on the command line. `script/fuzz` runs it.

/// libFuzzer's own main, as it is meant for programs that have one: FuzzerDriver of compiler-rt.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private let harness: Harness = {
    let name = getenv("FUZZ_HARNESS").map { String(cString: $0) } ?? ""
    guard let harness = Harness.all.first(where: { $0.name == name }) else {
        fatalError("FUZZ_HARNESS must be one of \(Harness.all.map(\.name).joined(separator: ", "))")
    }
    return harness
}()

private var count = CommandLine.argc
// libFuzzer's signature: it may move the arguments about.
private var arguments = CommandLine.unsafeArgv
exit(
    runDriver(&count, &arguments) { start, count in
        let input = Array(UnsafeBufferPointer(start: start, count: count))
        do {
            try harness.check(input[...])
        } catch {
            fatalError("\(harness.name): \(error)")
        }
        return 0
    })
