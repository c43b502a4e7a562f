// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The header lines of a request as curl takes them: a linked list of texts that end in NUL.
///
/// Texts and links lie in memory that a handle keeps from one request to the next; `curl_slist_append` would ask for
/// memory twice for each line.
final class HeaderList {
    // Raw, because curl reads both for as long as the transfer goes on. Freed with this object, which outlives it.
    private var texts = UnsafeMutablePointer<UInt8>.allocate(capacity: 1024)
    private var links = UnsafeMutablePointer<curl_slist>.allocate(capacity: 16)
    private var textCapacity = 1024
    private var linkCapacity = 16
    /// Bytes of texts, and links, that are written.
    private var textCount = 0
    private var linkCount = 0

    deinit {
        texts.deallocate()
        links.deallocate()
    }

    /// Writes the lines of a request over those of the one before.
    ///
    /// - Returns: The list. It stays valid until the next call.
    func set(_ fields: [(name: String, value: String)]) -> UnsafeMutablePointer<curl_slist> {
        clear(for: fields)
        // Large bodies would otherwise wait for a "100 Continue" that the cloud never sends.
        append("Expect:".utf8)
        endLine(from: 0)
        for field in fields {
            let start = textCount
            var (name, value) = field
            name.withUTF8 { append($0) }
            value.withUTF8 { value in
                // curl takes "Name:" for the wish to leave the field out; an empty one is written "Name;".
                guard value.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
                    return append(";".utf8)
                }
                append(": ".utf8)
                append(value)
            }
            endLine(from: start)
        }
        links[linkCount - 1].next = nil
        return links
    }

    /// Makes room for all lines, so that nothing has to move while links point to it.
    private func clear(for fields: [(name: String, value: String)]) {
        (textCount, linkCount) = (0, 0)
        let bytes = fields.reduce("Expect:".utf8.count + 1) { $0 + $1.name.utf8.count + $1.value.utf8.count + 3 }
        if bytes > textCapacity {
            texts.deallocate()
            textCapacity = 2 * bytes
            texts = .allocate(capacity: textCapacity)
        }
        if fields.count + 1 > linkCapacity {
            links.deallocate()
            linkCapacity = 2 * (fields.count + 1)
            links = .allocate(capacity: linkCapacity)
        }
    }

    private func append(_ bytes: some Collection<UInt8>) {
        let room = UnsafeMutableBufferPointer(start: texts + textCount, count: textCapacity - textCount)
        textCount += room.update(fromContentsOf: bytes)
    }

    /// Ends a line, and ties it to the next one.
    private func endLine(from start: Int) {
        texts[textCount] = 0
        textCount += 1
        let text = UnsafeMutableRawPointer(texts + start).assumingMemoryBound(to: CChar.self)
        (links + linkCount).initialize(to: curl_slist(data: text, next: links + linkCount + 1))
        linkCount += 1
    }
}
