// SPDX-License-Identifier: Apache-2.0

extension ErrorCatalogue {
    /// Codes about the function, and what it needs to run.
    static let resource: [ErrorMeaning] = [
        ErrorMeaning(
            "FailedOperation",
            meaning: LocalizedText(
                zh: "操作失败。",
                en: "Operation failed."),
            advice: LocalizedText(
                zh: "请稍候重试一次；若再次失败，请带上 RequestId 联系管理员或提交工单。",
                en: """
                    Wait a moment and try once more. If it fails again, give the RequestId to the operator or \
                    to the cloud's support.
                    """)),
        ErrorMeaning(
            "FailedOperation.FunctionFailed",
            meaning: LocalizedText(
                zh: "函数已运行，但执行失败。",
                en: "The function ran, and failed."),
            advice: LocalizedText(
                zh: "请按错误信息中的标识在函数日志中查找这次运行，并修正函数。同一投递再次发送仍得到此应答，函数不会再次运行，除非该 Webhook 设置了 idempotent: true。",
                en: """
                    Find this run in the function's log, by the id that the message gives, and correct the \
                    function. The same delivery sent again does not run it again, unless the hook has \
                    idempotent: true.
                    """)),
        ErrorMeaning(
            "FailedOperation.FunctionResponse",
            meaning: LocalizedText(
                zh: "函数已运行，但返回的集成响应格式有误，无法据此应答。",
                en: "The function ran, and returned an integration response that cannot be answered with."),
            advice: LocalizedText(
                zh: """
                    请修正函数的返回值：statusCode 为 200 至 599 的整数，headers 为由文本组成的对象，\
                    body 为文本；isBase64Encoded 为 true 时 body 须为 Base64。具体原因见本中继的日志。
                    """,
                en: """
                    Correct what the function returns: statusCode from 200 to 599, headers as an object of \
                    texts, body as a text, in Base64 where isBase64Encoded is true. The relay's log says what \
                    was wrong.
                    """)),
        ErrorMeaning(
            "FailedOperation.FunctionStatusError",
            meaning: LocalizedText(
                zh: "函数在部署中,无法做此操作。",
                en: "Operation failed. The function is deploying."),
            advice: LocalizedText(
                zh: "函数正在部署或更新：请等一分钟左右，待控制台显示“正常”后再调用。",
                en: """
                    The function is being deployed or updated. Wait about a minute, until the console shows it \
                    as normal, and call again.
                    """)),
        ErrorMeaning(
            "FailedOperation.FunctionVersionStatusNotActive",
            meaning: LocalizedText(
                zh: "当前函数版本状态无法进行此操作，请在版本状态为正常时重试。",
                en: "The function's version is not in a state that allows this; try again once it is active."),
            advice: LocalizedText(
                zh: "请在控制台查看该版本的状态；若在发布中请稍候，若发布失败请重新发布或换用其他 Qualifier。",
                en: """
                    See the version's state in the console: wait while it is being published; if that failed, \
                    publish again or choose another Qualifier.
                    """)),
        ErrorMeaning(
            "FailedOperation.InsufficientBalance",
            meaning: LocalizedText(
                zh: "当前账号或命名空间处于欠费状态，请在可用时重试。",
                en: "The account or namespace is in arrears; try again once it is available."),
            advice: LocalizedText(
                zh: "请管理员在费用中心充值；重试本身不会解决问题。",
                en: """
                    The operator should top up the account in the billing centre; trying again does not help \
                    until then.
                    """)),
        ErrorMeaning(
            "FailedOperation.InvokeFunction",
            meaning: LocalizedText(
                zh: "调用函数失败。",
                en: "Failed to invoke the function."),
            advice: LocalizedText(
                zh: "请在控制台查看函数日志，确认函数能够启动；若日志中没有这次调用，稍后重试，并记下 RequestId。",
                en: """
                    Look at the function's log in the console to see whether it can start. If this call is not \
                    in it, try again later and note the RequestId.
                    """)),
        ErrorMeaning(
            "LimitExceeded",
            meaning: LocalizedText(
                zh: "超过配额限制。",
                en: "Quota limit exceeded."),
            advice: LocalizedText(
                zh: "请管理员在控制台查看云函数配额，清理不用的资源或申请提高配额。",
                en: """
                    The operator should look at the SCF quotas in the console, and free what is unused or ask \
                    for more.
                    """)),
        ErrorMeaning(
            "ResourceInUse",
            meaning: LocalizedText(
                zh: "资源被占用。",
                en: "Resource is in use."),
            advice: LocalizedText(
                zh: "该资源正被其他操作使用：请等那个操作完成后再试。",
                en: "Another operation is using the resource; try again when that is finished.")),
        ErrorMeaning(
            "ResourceInsufficient",
            meaning: LocalizedText(
                zh: "资源不足。",
                en: "Insufficient resource."),
            advice: LocalizedText(
                zh: "请过几分钟再试，或改用其他地域；若经常出现，请管理员调高并发配额或预留并发。",
                en: """
                    Try again in a few minutes or in another region. If it happens often, the operator should \
                    raise or reserve concurrency.
                    """)),
        ErrorMeaning(
            "ResourceNotFound",
            meaning: LocalizedText(
                zh: "资源不存在。",
                en: "The resource does not exist."),
            advice: LocalizedText(
                zh: "请核对函数名、命名空间、Qualifier 和地域：它们都区分大小写，且必须属于同一个账号。",
                en: """
                    Check function name, namespace, qualifier and region; capitals count, and all must belong \
                    to the same account.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.Alias",
            meaning: LocalizedText(
                zh: "别名不存在。",
                en: "The alias does not exist."),
            advice: LocalizedText(
                zh: "请在控制台的“别名管理”中核对 Qualifier 的拼写；不填则调用 $LATEST。",
                en: "Compare Qualifier with the function's aliases in the console; leave it empty to call $LATEST.")),
        ErrorMeaning(
            "ResourceNotFound.Function",
            meaning: LocalizedText(
                zh: "函数不存在。",
                en: "The function does not exist."),
            advice: LocalizedText(
                zh: "请核对函数名的拼写和大小写，并确认地域、命名空间与函数所在处一致。",
                en: """
                    Check the spelling and capitals of the name, and that region and namespace are those of the \
                    function.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.FunctionName",
            meaning: LocalizedText(
                zh: "函数不存在。",
                en: "The function does not exist."),
            advice: LocalizedText(
                zh: "请核对函数名的拼写和大小写，并确认地域、命名空间与函数所在处一致；可调用的函数列在本站的 /functions。",
                en: """
                    Check the spelling and capitals of the name, and that region and namespace are those of the \
                    function. /functions on this site lists what may be called.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.FunctionVersion",
            meaning: LocalizedText(
                zh: "函数版本不存在。",
                en: "The function's version does not exist."),
            advice: LocalizedText(
                zh: "请在控制台的“版本管理”中核对 Qualifier；不填则调用 $LATEST。",
                en: """
                    Compare Qualifier with the function's versions in the console; leave it empty to call \
                    $LATEST.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.History",
            meaning: LocalizedText(
                zh: "本中继未保存调用历史。",
                en: "This relay keeps no history of calls."),
            advice: LocalizedText(
                zh: "不影响调用。如需保存历史，请管理员在 relay.yaml 中设置 history.path。",
                en: "Calls run all the same. To keep their history, the operator sets history.path in relay.yaml.")),
        ErrorMeaning(
            "ResourceNotFound.Namespace",
            meaning: LocalizedText(
                zh: "Namespace不存在。",
                en: "The namespace does not exist."),
            advice: LocalizedText(
                zh: "请核对命名空间的拼写和地域；多数函数在 default 中，不填即可。",
                en: """
                    Check the namespace's spelling and the region; most functions live in default, for which \
                    the field may stay empty.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.Qualifier",
            meaning: LocalizedText(
                zh: "版本不存在。",
                en: "The version does not exist."),
            advice: LocalizedText(
                zh: "Qualifier 应为 $LATEST、已发布的版本号或别名；请在控制台核对，或留空以调用 $LATEST。",
                en: """
                    Qualifier is $LATEST, the number of a published version, or an alias. Compare it with the \
                    console, or leave it empty for $LATEST.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.Store",
            meaning: LocalizedText(
                zh: "本中继没有投递队列。",
                en: "This relay has no store of deliveries."),
            advice: LocalizedText(
                zh: "不影响直接调用。如需先受理 Webhook 再投递，或使用 Idempotency-Key，请管理员在 relay.yaml 中设置 store.path。",
                en: """
                    Calls run all the same. To accept webhooks for later, and to remember an Idempotency-Key, \
                    the operator sets store.path in relay.yaml.
                    """)),
        ErrorMeaning(
            "ResourceNotFound.Version",
            meaning: LocalizedText(
                zh: "版本不存在。",
                en: "The version does not exist."),
            advice: LocalizedText(
                zh: "请在控制台的“版本管理”中核对版本号；不填 Qualifier 则调用 $LATEST。",
                en: """
                    Compare the number with the function's versions in the console; leave Qualifier empty to \
                    call $LATEST.
                    """)),
        ErrorMeaning(
            "ResourceUnavailable",
            meaning: LocalizedText(
                zh: "资源不可用。",
                en: "Resource is unavailable."),
            advice: LocalizedText(
                zh: "请在控制台查看函数和命名空间的状态，恢复正常后再试。",
                en: "See the state of function and namespace in the console, and try again once both are normal.")),
        ErrorMeaning(
            "ResourceUnavailable.History",
            meaning: LocalizedText(
                zh: "调用历史暂时无法读取。",
                en: "The history of calls cannot be read right now."),
            advice: LocalizedText(
                zh: "不影响调用。请按 Retry-After 给出的秒数等待后重试；若持续出现，请管理员检查 history.path 所在的磁盘。",
                en: """
                    Calls go on. Wait as many seconds as Retry-After says and try again; if it goes on, the \
                    operator should look at the disk that holds history.path.
                    """)),
        ErrorMeaning(
            "ResourceUnavailable.InsufficientBalance",
            meaning: LocalizedText(
                zh: "余额不足，请先充值。",
                en: "Your balance is insufficient. Please top up first."),
            advice: LocalizedText(
                zh: "请管理员在费用中心充值；重试本身不会解决问题。",
                en: """
                    The operator should top up the account in the billing centre; trying again does not help \
                    until then.
                    """)),
        ErrorMeaning(
            "ResourceUnavailable.Namespace",
            meaning: LocalizedText(
                zh: "Namespace不可用。",
                en: "The namespace is unavailable."),
            advice: LocalizedText(
                zh: "命名空间可能正在创建、删除或已被冻结：请在控制台查看其状态，恢复后再试。",
                en: """
                    The namespace may be in creation, in deletion or frozen. See its state in the console, and \
                    try again once it is normal.
                    """)),
        ErrorMeaning(
            "ResourceUnavailable.ServiceSuspended",
            meaning: LocalizedText(
                zh: "服务已冻结。",
                en: "The service is suspended."),
            advice: LocalizedText(
                zh: "服务通常因欠费被冻结：请管理员在费用中心结清欠款，恢复后再试。",
                en: """
                    The service is usually suspended for unpaid bills: the operator should settle them in the \
                    billing centre; try again after that.
                    """)),
        ErrorMeaning(
            "ResourceUnavailable.Store",
            meaning: LocalizedText(
                zh: "本中继无法保存请求。",
                en: "The relay cannot store anything."),
            advice: LocalizedText(
                zh: """
                    请求未被接收，函数没有运行。请按 Retry-After 给出的秒数等待后重试；若持续出现，\
                    请管理员查看本中继的日志、store.path 的设置及其所在的磁盘。
                    """,
                en: """
                    Nothing was accepted, and the function did not run. Wait as many seconds as Retry-After \
                    says and try again; if it goes on, the operator should look at the relay's log, at \
                    store.path and at its disk.
                    """)),
        ErrorMeaning(
            "ResourceUnavailable.StoreFull",
            meaning: LocalizedText(
                zh: "本中继的队列已满。",
                en: "The relay's store is full."),
            advice: LocalizedText(
                zh: """
                    请求未被接收，函数没有运行。请按 Retry-After 给出的秒数等待后重试；若持续出现，\
                    请管理员在 /deliveries 查看积压，或调高 store.maximumCalls 和 store.maximumBytes。
                    """,
                en: """
                    Nothing was accepted, and the function did not run. Wait as many seconds as Retry-After \
                    says and try again; if it goes on, the operator should see at /deliveries what is waiting, \
                    or raise store.maximumCalls and store.maximumBytes.
                    """)),
    ]
}
