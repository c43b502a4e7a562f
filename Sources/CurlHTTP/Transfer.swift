// SPDX-License-Identifier: Apache-2.0

import CCurl

/// One request on its way: its handle, its answer so far, and who waits for it. Touched by its engine's loop only;
/// curl's callbacks reach it through the pointer that the engine gave them, and the engine holds it until they end.
final class Transfer {
    typealias Outcome = Result<HTTPClient.Response, HTTPClientError>

    let id: UInt64
    let handle: EasyHandle
    private let continuation: CheckedContinuation<Outcome, Never>
    private let request: HTTPClient.Request
    private let responseLimit: Int
    private let headerLimit: Int

    /// What curl has not fetched of the body yet.
    private var rest: ArraySlice<ArraySlice<UInt8>>
    private var bytesUploaded = 0
    private var response: [UInt8] = []
    private var headerBytes = 0
    private var overLimit: HTTPClientError?
    private var attempts = 0

    init(
        id: UInt64, handle: EasyHandle, request: HTTPClient.Request, settings: HTTPClient.Settings,
        continuation: CheckedContinuation<Outcome, Never>
    ) {
        self.id = id
        self.handle = handle
        self.request = request
        rest = request.body[...]
        responseLimit = settings.responseBytes
        headerLimit = settings.responseHeaderBytes
        self.continuation = continuation
    }

    /// Bodies up to this size go to curl as a copy and leave in one packet with the head; larger ones are fetched
    /// piece by piece from where they lie.
    static let copiedBodyBytes = 48 << 10

    func begin() {
        handle.setRequest(request, reader: self)
    }

    func finish(_ outcome: Outcome) {
        continuation.resume(returning: outcome)
    }

    /// What curl's result means.
    func outcome(of code: CURLcode) -> Outcome {
        if code == CURLE_OK {
            return .success(
                .init(
                    status: handle.status, contentType: handle.contentType, date: handle.header("Date"),
                    retryAfter: handle.header("Retry-After"), body: response))
        }
        if let overLimit { return .failure(overLimit) }
        let reason = handle.errorText(code)
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return .failure(.timedOut(wasSent: handle.hasStartedSending))
        case CURLE_ABORTED_BY_CALLBACK:
            return .failure(.outcomeUnknown(reason: "the connection broke after the request was sent"))
        // Writing failed: how far it came is not known.
        case CURLE_SEND_ERROR: return .failure(.outcomeUnknown(reason: reason))
        default:
            return .failure(handle.hasStartedSending ? .outcomeUnknown(reason: reason) : .neverSent(reason: reason))
        }
    }
}

// MARK: - What curl asks for

extension Transfer {
    /// Whether the request may go out (again).
    ///
    /// curl repeats a request by itself when a kept connection turns out to be dead. Where any of it has been sent, that
    /// could run a function twice.
    func mayStart() -> Bool {
        attempts += 1
        return attempts == 1 || (bytesUploaded == 0 && !handle.hasStartedSending)
    }

    /// Copies as much of the rest of the body to curl as it has room for.
    func supply(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        var copied = 0
        while copied < buffer.count, let piece = rest.first {
            let part = piece.prefix(buffer.count - copied)
            part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[copied...]).copyMemory(from: $0) }
            copied += part.count
            if part.count == piece.count { rest.removeFirst() } else { rest[rest.startIndex] = piece[part.endIndex...] }
        }
        bytesUploaded += copied
        return copied
    }

    /// Counts a line of the answer's header or trailer; `false` breaks the transfer off.
    func receiveHeader(bytes: Int) -> Bool {
        headerBytes += bytes
        guard headerBytes <= headerLimit else {
            overLimit = .responseHeaderTooLarge(limit: headerLimit)
            return false
        }
        return true
    }

    /// Takes a piece of the answer; `false` breaks the transfer off.
    func receive(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard response.count + piece.count <= responseLimit else {
            overLimit = .responseTooLarge(limit: responseLimit)
            return false
        }
        if response.isEmpty, let announced = handle.announcedLength, announced <= responseLimit {
            response.reserveCapacity(announced)
        }
        response.append(contentsOf: piece)
        return true
    }
}
