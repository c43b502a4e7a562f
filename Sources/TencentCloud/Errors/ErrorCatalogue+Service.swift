// SPDX-License-Identifier: Apache-2.0

extension ErrorCatalogue {
    /// Codes about load, failures of the cloud, and failures on the way to it.
    static let service: [ErrorMeaning] = [
        ErrorMeaning(
            "ClientError",
            meaning: LocalizedText(
                zh: "调用没有得到可用的应答。",
                en: "The call got no usable answer."),
            advice: LocalizedText(
                zh: "不能确定函数是否已经运行：请先查看函数日志，再决定是否重试。",
                en: "Whether the function ran is not known: look at its log before you try again.")),
        ErrorMeaning(
            "ClientError.Cancelled",
            meaning: LocalizedText(
                zh: "调用方在得到应答之前已离开。",
                en: "The caller went away before the answer came."),
            advice: LocalizedText(
                zh: "若当时仍在本中继排队，函数没有运行；否则可能已经运行：重试前请先查看函数日志，以免重复执行。",
                en: """
                    If the call was still waiting here, the function did not run. Otherwise it may have run: \
                    look at its log before you try again.
                    """)),
        ErrorMeaning(
            "ClientError.NetworkError",
            meaning: LocalizedText(
                zh: "无法连接云端，或连接中断、应答无法识别。",
                en: "The cloud could not be reached, broke off, or gave an answer that makes no sense."),
            advice: LocalizedText(
                zh: "请先查看函数日志，确认这次调用是否已经运行，再决定是否重试；若持续出现，请管理员检查网络、DNS 和云端地址。",
                en: """
                    Look at the function's log to see whether this call ran before you try again. If it goes \
                    on, the operator should check network, DNS and the cloud's address.
                    """)),
        ErrorMeaning(
            "ClientError.Timeout",
            meaning: LocalizedText(
                zh: "云端未在规定时间内应答，结果未知。",
                en: "The cloud did not answer in time; the outcome is unknown."),
            advice: LocalizedText(
                zh: "函数可能仍在运行或已经完成：重试前请先查看函数日志，以免重复执行。耗时较长的任务请把 InvocationType 设为 Event。",
                en: """
                    The function may still be running, or be done: look at its log before you try again, or it \
                    may run twice. For long work set InvocationType to Event.
                    """)),
        ErrorMeaning(
            "InternalError",
            meaning: LocalizedText(
                zh: "内部错误。",
                en: "Internal error."),
            advice: LocalizedText(
                zh: "这是云端的问题。不能确定函数是否已经运行：请先查看函数日志再重试，若持续出现请带上 RequestId 提交工单。",
                en: """
                    This is the cloud's fault. Whether the function ran is not known: look at its log before \
                    you try again. If it goes on, give the RequestId to the cloud's support.
                    """)),
        ErrorMeaning(
            "InternalError.Exception",
            meaning: LocalizedText(
                zh: "内部服务异常。",
                en: "Exception in an internal service."),
            advice: LocalizedText(
                zh: "这是云端的问题。请先查看函数日志确认是否已经运行，再重试；若持续出现请带上 RequestId 提交工单。",
                en: """
                    This is the cloud's fault. See in the function's log whether it ran, then try again. If it \
                    goes on, give the RequestId to the cloud's support.
                    """)),
        ErrorMeaning(
            "InternalError.System",
            meaning: LocalizedText(
                zh: "内部系统错误。",
                en: "Internal system error."),
            advice: LocalizedText(
                zh: "这是云端的问题。请先查看函数日志确认是否已经运行，再重试；若持续出现请带上 RequestId 提交工单。",
                en: """
                    This is the cloud's fault. See in the function's log whether it ran, then try again. If it \
                    goes on, give the RequestId to the cloud's support.
                    """)),
        ErrorMeaning(
            "InternalError.SystemError",
            meaning: LocalizedText(
                zh: "内部服务错误。",
                en: "Error in an internal service."),
            advice: LocalizedText(
                zh: "这是云端的问题。请先查看函数日志确认是否已经运行，再重试；若持续出现请带上 RequestId 提交工单。",
                en: """
                    This is the cloud's fault. See in the function's log whether it ran, then try again. If it \
                    goes on, give the RequestId to the cloud's support.
                    """)),
        ErrorMeaning(
            "RequestLimitExceeded",
            meaning: LocalizedText(
                zh: "请求的次数超过了频率限制。",
                en: "The number of requests exceeds the frequency limit."),
            advice: LocalizedText(
                zh: "函数没有运行。请等一两秒再试；成批的调用请放慢到每秒 20 次以内。",
                en: """
                    The function did not run. Wait a second or two and try again; keep batches below 20 calls a \
                    second.
                    """)),
        ErrorMeaning(
            "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
            meaning: LocalizedText(
                zh: "主账号超过频率限制。",
                en: "Uin exceeds the frequency limit."),
            advice: LocalizedText(
                zh: "函数没有运行。整个主账号在该地域的调用过多：请稍后重试，并请管理员查看还有哪些程序在调用。",
                en: """
                    The function did not run. The whole account calls too often in this region: try again \
                    later, and let the operator see which other programs call.
                    """)),
        ErrorMeaning(
            "RequestLimitExceeded.IPLimitExceeded",
            meaning: LocalizedText(
                zh: "IP限频。",
                en: "The number of ip requests exceeds the frequency limit."),
            advice: LocalizedText(
                zh: "函数没有运行。同一出口 IP 的请求过多：请稍后重试，并减慢从该地址发出的调用。",
                en: """
                    The function did not run. Too many requests come from one IP address: try again later, and \
                    slow down what is sent from there.
                    """)),
        ErrorMeaning(
            "RequestLimitExceeded.InFlight",
            meaning: LocalizedText(
                zh: "本中继正在处理的调用过多。",
                en: "Too many calls are in flight in this relay."),
            advice: LocalizedText(
                zh: "函数没有运行。请按 Retry-After 给出的秒数等待后重试；若经常出现，请管理员调高 limits.inFlight。",
                en: """
                    The function did not run. Wait as many seconds as Retry-After says and try again; if it \
                    happens often, the operator should raise limits.inFlight.
                    """)),
        ErrorMeaning(
            "RequestLimitExceeded.StillRunning",
            meaning: LocalizedText(
                zh: "带有相同 Idempotency-Key 的调用仍在运行。",
                en: "A call with the same Idempotency-Key is still running."),
            advice: LocalizedText(
                zh: "函数只为第一次请求运行，没有再次启动。请按 Retry-After 给出的秒数等待，再用相同的键和请求体重试，即可取得第一次的应答。",
                en: """
                    The function runs for the first request, and was not started again. Wait as many seconds \
                    as Retry-After says and send the same key and body once more: that gets the first answer.
                    """)),
        ErrorMeaning(
            "RequestLimitExceeded.UinLimitExceeded",
            meaning: LocalizedText(
                zh: "主账号限频。",
                en: "The number of uin requests exceeds the frequency limit."),
            advice: LocalizedText(
                zh: "函数没有运行。整个主账号的调用过多：请稍后重试，并请管理员查看还有哪些程序在调用。",
                en: """
                    The function did not run. The whole account calls too often: try again later, and let the \
                    operator see which other programs call.
                    """)),
        ErrorMeaning(
            "ServiceUnavailable",
            meaning: LocalizedText(
                zh: "当前服务暂时不可用。",
                en: "Service is unavailable now."),
            advice: LocalizedText(
                zh: "请过一分钟再试；若持续出现，请查看腾讯云状态页或联系管理员。",
                en: "Try again in a minute. If it goes on, look at the cloud's status page or ask the operator.")),
    ]
}
