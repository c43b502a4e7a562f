// SPDX-License-Identifier: Apache-2.0

extension ErrorCatalogue {
    /// Codes that the queue and the history note, and with which no request is answered.
    static let delivery: [ErrorMeaning] = [
        ErrorMeaning(
            "CallbackNotAllowed", isAnswer: false,
            meaning: LocalizedText(
                zh: "回调地址不在允许之列。",
                en: "The callback's address is not on the list."),
            advice: LocalizedText(
                zh: "函数的运行不受影响，只是结果没有送出。请管理员把该地址加入 callbacks.origins，再在 /deliveries 中立即投递。",
                en: """
                    The function's run is not affected; its result was not sent. The operator should add the \
                    address to callbacks.origins, and then deliver it again at /deliveries.
                    """)),
        ErrorMeaning(
            "CallbackNotSigned", isAnswer: false,
            meaning: LocalizedText(
                zh: "该 Webhook 没有用于签署回调的密钥。",
                en: "The hook has no secret to sign callbacks with."),
            advice: LocalizedText(
                zh: "函数的运行不受影响，结果稍后会再次发送。请管理员在 relay.yaml 中为该 Webhook 设置 callback.secret。",
                en: """
                    The function's run is not affected; its result is sent later. The operator should give the \
                    hook a callback.secret in relay.yaml.
                    """)),
        ErrorMeaning(
            "CallbackStatus", isAnswer: false,
            meaning: LocalizedText(
                zh: "回调的接收方没有以 2xx 应答；点号后的数字是其状态码。",
                en: "The receiver of the callback answered with no 2xx; the number behind the dot is its status."),
            advice: LocalizedText(
                zh: "函数的运行不受影响，结果稍后会再次发送。请查看接收方的日志；重定向不会被跟随，请在 callback.url 中填写最终地址。",
                en: """
                    The function's run is not affected; its result is sent again later. See the receiver's \
                    log. Redirects are not followed: callback.url has to be the last address.
                    """)),
        ErrorMeaning(
            "CallbackUnknown", isAnswer: false,
            meaning: LocalizedText(
                zh: "回调已发出，但没有收到应答，结果未知。",
                en: "The callback was sent, and no answer came; the outcome is unknown."),
            advice: LocalizedText(
                zh: "函数的运行不受影响，结果可能已送达。请查看接收方的日志；若未收到，可在 /deliveries 中立即投递，webhook-id 不变。",
                en: """
                    The function's run is not affected; its result may have arrived. See the receiver's log, \
                    and if it has not, deliver it again at /deliveries: it has the same webhook-id then.
                    """)),
        ErrorMeaning(
            "CallbackUnreachable", isAnswer: false,
            meaning: LocalizedText(
                zh: "无法连接回调的接收方。",
                en: "The receiver of the callback could not be reached."),
            advice: LocalizedText(
                zh: "函数的运行不受影响，结果稍后会再次发送。请管理员检查网络、DNS 和证书；内部网络的地址须列入 callbacks.networks。",
                en: """
                    The function's run is not affected; its result is sent again later. The operator should \
                    check network, DNS and certificate; an address of an inner network has to be in \
                    callbacks.networks.
                    """)),
        ErrorMeaning(
            "FunctionFailed", isAnswer: false,
            meaning: LocalizedText(
                zh: "函数已运行，但执行失败。",
                en: "The function ran, and failed."),
            advice: LocalizedText(
                zh: "请在函数日志中查找这次运行，并修正函数，再在 /deliveries 中立即投递。Webhook 设置了 idempotent: true 时会自动重试。",
                en: """
                    Find this run in the function's log, correct the function, and then deliver the call again \
                    at /deliveries. With idempotent: true it is tried again by itself.
                    """)),
        ErrorMeaning(
            "RelayStopped", isAnswer: false,
            meaning: LocalizedText(
                zh: "本中继在此期间停止，结果未知。",
                en: "The relay ended meanwhile; the outcome is unknown."),
            advice: LocalizedText(
                zh: "函数可能已经运行：再次运行前请先查看函数日志。设置了 idempotent: true 的 Webhook 和回调会自动重试。",
                en: """
                    The function may have run: look at its log before you run it again. Callbacks, and \
                    webhooks with idempotent: true, are tried again by themselves.
                    """)),
    ]
}
