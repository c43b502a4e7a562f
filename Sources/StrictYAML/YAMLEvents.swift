// SPDX-License-Identifier: Apache-2.0

import CYaml

/// The events of a YAML text, as libyaml reads them.
final class YAMLEvents {
    struct Event {
        enum Kind {
            case document
            case scalar(String, anchor: String?)
            case alias(of: String)
            case mappingStart(anchor: String?)
            case sequenceStart(anchor: String?)
            /// Of a mapping or a list.
            case end
        }

        let kind: Kind
        /// From 1.
        let line: Int
        /// From 1.
        let column: Int
    }

    /// libyaml keeps the address of its parser in the parser: it must stay where it is.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var hasEnded: Bool

    /// - Parameter bytes: UTF-8. libyaml reads from them until the last event: they must outlive this.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        hasEnded = yaml_parser_initialize(parser) == 0
        guard !hasEnded else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// - Returns: `nil` at the end of the text, and where it is no YAML.
    func next() -> Event? {
        while !hasEnded {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1, event.type != YAML_STREAM_END_EVENT else {
                hasEnded = true
                return nil
            }
            defer { yaml_event_delete(&event) }
            guard let kind = Self.kind(of: event) else { continue }
            return Event(kind: kind, line: event.start_mark.line + 1, column: event.start_mark.column + 1)
        }
        return nil
    }

    private static func kind(of event: yaml_event_t) -> Event.Kind? {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: .document
        case YAML_ALIAS_EVENT: .alias(of: text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            .scalar(
                // libyaml owns the bytes until the event is deleted; a scalar may hold zeros.
                String(
                    decoding: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length),
                    as: UTF8.self),
                anchor: text(event.data.scalar.anchor))
        case YAML_MAPPING_START_EVENT: .mappingStart(anchor: text(event.data.mapping_start.anchor))
        case YAML_SEQUENCE_START_EVENT: .sequenceStart(anchor: text(event.data.sequence_start.anchor))
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: .end
        default: nil
        }
    }

    /// A name that libyaml ends with a zero.
    private static func text(_ name: UnsafeMutablePointer<UInt8>?) -> String? {
        name.map { String(cString: $0) }
    }
}
