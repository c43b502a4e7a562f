// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A curl easy handle and its one owner. What stays the same for every request is set once, when it is made.
final class EasyHandle {
    /// What curl's functions take. Freed with this object, hence valid as long as it.
    let pointer: OpaqueOrRaw
    let isForLargeBodies: Bool
    private var url = ""
    private let headerList = HeaderList()

    typealias OpaqueOrRaw = UnsafeMutableRawPointer

    /// - Returns: `nil` where memory is short.
    init?(settings: HTTPClient.Settings, isForLargeBodies: Bool) {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        self.isForLargeBodies = isForLargeBodies
        setDefaults(settings)
    }

    deinit {
        curl_easy_cleanup(pointer)
    }

    private func setDefaults(_ settings: HTTPClient.Settings) {
        set(CURLOPT_NOSIGNAL, 1)
        // Without it, giving up during a name look-up waits for the look-up, and the loop with it.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.wholeMilliseconds)
        // In whole seconds; zero would mean "for ever".
        set(CURLOPT_MAXAGE_CONN, max(1, settings.idleTimeout.wholeMilliseconds / 1000))
        // A call may be silent for minutes; without probes a NAT on the way forgets it.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        curl_shim_easy_set_string(pointer, CURLOPT_PROXY, "")
        curl_shim_easy_set_string(
            pointer, CURLOPT_PROTOCOLS_STR, settings.allowsPlainHTTP ? "http,https" : "https")
        if let file = settings.trustedCertificates {
            curl_shim_easy_set_string(pointer, CURLOPT_CAINFO, file)
            // The system's folder would be trusted besides.
            curl_shim_easy_set_string(pointer, CURLOPT_CAPATH, nil)
        }
        if isForLargeBodies { set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10) }
        curl_shim_easy_set_data_callback(pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, transfer in
            let transfer = Transfer.from(transfer)
            return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        curl_shim_easy_set_data_callback(pointer, CURLOPT_HEADERFUNCTION) { _, size, count, transfer in
            Transfer.from(transfer).receiveHeader(bytes: size * count) ? size * count : 0
        }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        curl_shim_easy_set_long(pointer, option, value)
    }
}

extension Transfer {
    /// The transfer behind the pointer that curl hands back: set in `setRequest`, held by the engine meanwhile.
    static func from(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
        guard let pointer else { preconditionFailure("curl calls back without its argument") }
        return Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }
}

// MARK: - A request

extension EasyHandle {
    func setRequest(_ request: HTTPClient.Request, reader transfer: Transfer) {
        let argument = Unmanaged.passUnretained(transfer).toOpaque()
        if url != request.url {
            url = request.url
            curl_shim_easy_set_string(pointer, CURLOPT_URL, url)
        }
        curl_shim_easy_set_list(pointer, CURLOPT_HTTPHEADER, headerList.set(request.headerFields))
        set(CURLOPT_TIMEOUT_MS, request.timeout.wholeMilliseconds)
        // The handle remembers what the request before this one was.
        switch request.method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .post: setPost(request, argument)
        }
        curl_shim_easy_set_pointer(pointer, CURLOPT_WRITEDATA, argument)
        curl_shim_easy_set_pointer(pointer, CURLOPT_HEADERDATA, argument)
        curl_shim_easy_set_pointer(pointer, CURLOPT_PRIVATE, argument)
        curl_shim_easy_set_prereq_callback(
            pointer,
            { argument, _, _, _, _ in
                Int32(Transfer.from(argument).mayStart() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT)
            }, argument)
    }

    private func setPost(_ request: HTTPClient.Request, _ argument: UnsafeMutableRawPointer) {
        set(CURLOPT_POST, 1)
        let size = request.bodyBytes
        curl_shim_easy_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(size))
        if size <= Transfer.copiedBodyBytes {
            let body = request.body.count == 1 ? request.body[0] : ArraySlice(request.body.joined())
            // curl copies the bytes within this call.
            body.withUnsafeBytes {
                _ = curl_shim_easy_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? .init(argument))
            }
            return
        }
        curl_shim_easy_set_pointer(pointer, CURLOPT_POSTFIELDS, nil)
        curl_shim_easy_set_pointer(pointer, CURLOPT_READDATA, argument)
        curl_shim_easy_set_data_callback(pointer, CURLOPT_READFUNCTION) { bytes, size, count, transfer in
            Transfer.from(transfer).supply(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        }
    }
}

// MARK: - An answer

extension EasyHandle {
    var status: Int { long(CURLINFO_RESPONSE_CODE) }

    /// Bytes of requests sent on this handle for the current transfer.
    var bytesSent: Int { long(CURLINFO_REQUEST_SIZE) }

    /// Connections that the current transfer has made; none where it went out on a kept one.
    var connectionsMade: Int { long(CURLINFO_NUM_CONNECTS) }

    /// Whether the connection was ready and the request under way.
    var hasStartedSending: Bool { bytesSent > 0 || offset(CURLINFO_PRETRANSFER_TIME_T) > 0 }

    var announcedLength: Int? {
        let length = offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
        return length >= 0 ? Int(length) : nil
    }

    var contentType: String? {
        var text: UnsafeMutablePointer<CChar>?
        curl_shim_easy_get_string(pointer, CURLINFO_CONTENT_TYPE, &text)
        return text.map { String(cString: $0) }
    }

    /// The value of a header field of the answer.
    func header(_ name: String) -> String? {
        var header: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(pointer, name, 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK else { return nil }
        return header.map { String(cString: $0.pointee.value) }
    }

    func errorText(_ code: CURLcode) -> String {
        String(cString: curl_easy_strerror(code))
    }

    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        curl_shim_easy_get_long(pointer, info, &value)
        return value
    }

    private func offset(_ info: CURLINFO) -> curl_off_t {
        var value: curl_off_t = 0
        curl_shim_easy_get_offset(pointer, info, &value)
        return value
    }
}

extension Duration {
    /// Milliseconds, rounded up, and never the zero that means "no limit" to curl.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        guard seconds >= 0 else { return 1 }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
