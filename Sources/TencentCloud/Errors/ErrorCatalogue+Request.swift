// SPDX-License-Identifier: Apache-2.0

extension ErrorCatalogue {
    /// Codes about what the request says, and how it is sent.
    static let request: [ErrorMeaning] = [
        ErrorMeaning(
            "ActionOffline",
            meaning: LocalizedText(
                zh: "接口已下线。",
                en: "This API has been deprecated."),
            advice: LocalizedText(
                zh: "请查阅云函数 API 文档中的替代接口，并更新调用方或 SDK。",
                en: "Look up the replacement in the SCF API documents, and update the caller or its SDK.")),
        ErrorMeaning(
            "DryRunOperation",
            meaning: LocalizedText(
                zh: "DryRun 操作，代表请求将会是成功的，只是多传了 DryRun 参数。",
                en: """
                    DryRun Operation. It means that the request would have succeeded, but the DryRun parameter \
                    was used.
                    """),
            advice: LocalizedText(
                zh: "函数没有运行。去掉 DryRun 参数再发送一次即可真正执行。",
                en: "The function did not run. Send the call without DryRun to run it.")),
        ErrorMeaning(
            "InvalidAction",
            meaning: LocalizedText(
                zh: "接口不存在。",
                en: "The API does not exist."),
            advice: LocalizedText(
                zh: "请把 Action 写成 Invoke，注意大小写；这里只提供这一个接口。",
                en: "Set Action to Invoke, with that capital letter; it is the only action offered here.")),
        ErrorMeaning(
            "InvalidParameter",
            meaning: LocalizedText(
                zh: "参数错误（包括参数格式、类型等错误）。",
                en: "Incorrect parameter."),
            advice: LocalizedText(
                zh: "请按错误信息中指出的参数检查格式和类型：除时间戳外，各参数都是字符串。",
                en: """
                    Check form and type of the parameter that the message names; all but the timestamp are \
                    strings.
                    """)),
        ErrorMeaning(
            "InvalidParameter.DeliveryIdReused",
            meaning: LocalizedText(
                zh: "该 Idempotency-Key 或发送方标识此前已用过。",
                en: "The Idempotency-Key, or the sender's id, was used before."),
            advice: LocalizedText(
                zh: "函数这次没有运行，原因见错误信息。新的调用请换用新的 Idempotency-Key 或标识；重发原来的调用时，请求体须与第一次完全相同。",
                en: """
                    The function did not run this time; the message says why. For another call take a new key \
                    or id. To send the first call again, send the same body, byte for byte.
                    """)),
        ErrorMeaning(
            "InvalidParameter.FunctionName",
            meaning: LocalizedText(
                zh: "FunctionName取值与规范不符，请修正后再试。",
                en: "FunctionName does not follow the naming rules."),
            advice: LocalizedText(
                zh: "函数名为 1 至 60 个字符，只含字母、数字、- 和 _，且以字母开头；请修正后重试。",
                en: """
                    A function's name has 1 to 60 letters, digits, - and _, and begins with a letter. Correct \
                    it and try again.
                    """)),
        ErrorMeaning(
            "InvalidParameter.Payload",
            meaning: LocalizedText(
                zh: "请求参数不合法。",
                en: "The request's parameters are not valid."),
            advice: LocalizedText(
                zh: "请确认请求体是完整的 JSON 对象，参数名与接口文档一致。",
                en: """
                    Check that the body is one complete JSON object and that its names are those of the API \
                    document.
                    """)),
        ErrorMeaning(
            "InvalidParameter.RequestTooLarge",
            meaning: LocalizedText(
                zh: "请求大小超限。",
                en: "The request is too large."),
            advice: LocalizedText(
                zh: "请减小 ClientContext；大数据请先存入对象存储 COS，再把地址传给函数。",
                en: """
                    Make ClientContext smaller. Put large data into object storage (COS) and pass its address \
                    to the function.
                    """)),
        ErrorMeaning(
            "InvalidParameterValue",
            meaning: LocalizedText(
                zh: "参数取值错误。",
                en: "Invalid parameter value."),
            advice: LocalizedText(
                zh: "错误信息中写明了是哪个参数、允许哪些取值；请改正后重试。",
                en: "The message names the parameter and the values it may have; correct it and try again.")),
        ErrorMeaning(
            "InvalidParameterValue.ClientContext",
            meaning: LocalizedText(
                zh: "运行函数时的参数传入有误。",
                en: "The value of ClientContext is wrong."),
            advice: LocalizedText(
                zh: "请检查 ClientContext 是否为完整的 JSON 文本，以及函数是否期望这样的内容。",
                en: """
                    Check that ClientContext is one complete JSON text, and of the shape that the function \
                    expects.
                    """)),
        ErrorMeaning(
            "InvalidParameterValue.FunctionName",
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
            "InvalidParameterValue.InvokeType",
            meaning: LocalizedText(
                zh: "InvokeType取值与规范不符，请修正后再试。",
                en: "The invocation type is not one of the allowed values."),
            advice: LocalizedText(
                zh: "InvocationType 只能是 RequestResponse（同步）或 Event（异步）；不填即为同步。",
                en: """
                    InvocationType is RequestResponse (wait for the result) or Event (start and return); leave \
                    it empty to wait.
                    """)),
        ErrorMeaning(
            "InvalidParameterValue.Namespace",
            meaning: LocalizedText(
                zh: "Namespace参数传入错误。",
                en: "The value of Namespace is wrong."),
            advice: LocalizedText(
                zh: "请填写函数所在的命名空间；多数函数在 default 中，不填即可。",
                en: """
                    Give the namespace that the function lives in; most live in default, for which the field \
                    may stay empty.
                    """)),
        ErrorMeaning(
            "InvalidParameterValue.NamespaceInvalid",
            meaning: LocalizedText(
                zh: "规则不正确，Namespace为英文字母、数字、-_ 符号组成，长度30。",
                en: "Namespace does not follow the naming rules: letters, digits, - and _, up to 30 characters."),
            advice: LocalizedText(
                zh: "请删去命名空间中的空格、中文等其他字符，并缩短至 30 个字符以内。",
                en: "Remove spaces and other characters from the namespace, and keep it within 30 characters.")),
        ErrorMeaning(
            "InvalidParameterValue.Param",
            meaning: LocalizedText(
                zh: "入参不是标准的json。",
                en: "The input parameter is not in the standard JSON format."),
            advice: LocalizedText(
                zh: "请按错误信息给出的行和列修改 ClientContext。常见原因：单引号、末尾多余的逗号、未加引号的键、注释。",
                en: """
                    Correct ClientContext at the line and column that the message gives. Usual causes: single \
                    quotes, a trailing comma, a name without quotes, a comment.
                    """)),
        ErrorMeaning(
            "InvalidParameterValue.Qualifier",
            meaning: LocalizedText(
                zh: "不支持的函数版本。",
                en: "The function's version is not supported."),
            advice: LocalizedText(
                zh: "Qualifier 应为 $LATEST、已发布的版本号或别名；不填即为 $LATEST。",
                en: """
                    Qualifier is $LATEST, the number of a published version, or an alias; leave it empty for \
                    $LATEST.
                    """)),
        ErrorMeaning(
            "InvalidRequest",
            meaning: LocalizedText(
                zh: "请求 body 的 multipart 格式错误。",
                en: "The multipart format of the request body is incorrect."),
            advice: LocalizedText(
                zh: "请让 HTTP 库自己生成 multipart 请求体和 boundary，不要手写 Content-Type；或改用 JSON。",
                en: """
                    Let your HTTP library write the multipart body and its boundary instead of setting \
                    Content-Type by hand, or send JSON.
                    """)),
        ErrorMeaning(
            "MissingParameter",
            meaning: LocalizedText(
                zh: "缺少参数。",
                en: "A parameter is missing."),
            advice: LocalizedText(
                zh: "请补上错误信息中指出的参数；运行函数至少需要 FunctionName。",
                en: "Add the parameter that the message names; running a function takes at least FunctionName.")),
        ErrorMeaning(
            "NoSuchProduct",
            meaning: LocalizedText(
                zh: "产品不存在。",
                en: "The product does not exist."),
            advice: LocalizedText(
                zh: "请检查请求域名：云函数为 scf.tencentcloudapi.com 或 scf.<地域>.tencentcloudapi.com。",
                en: "Check the host name: SCF is scf.tencentcloudapi.com or scf.<region>.tencentcloudapi.com.")),
        ErrorMeaning(
            "NoSuchVersion",
            meaning: LocalizedText(
                zh: "接口版本不存在。",
                en: "The API version does not exist."),
            advice: LocalizedText(
                zh: "请把 Version 写成 2018-04-16，这里只提供这一个版本。",
                en: "Set Version to 2018-04-16, the one version of this API that is served here.")),
        ErrorMeaning(
            "RequestSizeLimitExceeded",
            meaning: LocalizedText(
                zh: "请求包超过限制大小。",
                en: "The request size exceeds the upper limit."),
            advice: LocalizedText(
                zh: "请把 ClientContext 减小到错误信息给出的上限以内；大数据请先存入对象存储 COS，再把地址传给函数。",
                en: """
                    Bring ClientContext below the limit that the message gives. Put large data into object \
                    storage (COS) and pass its address to the function.
                    """)),
        ErrorMeaning(
            "ResponseSizeLimitExceeded",
            meaning: LocalizedText(
                zh: "返回包超过限制大小。",
                en: "The response size exceeds the upper limit."),
            advice: LocalizedText(
                zh: "函数已经运行，只是结果过大。请让函数把大结果写入对象存储 COS，只返回地址。",
                en: """
                    The function did run; its result was too large. Let it write large results to object \
                    storage (COS) and return their address.
                    """)),
        ErrorMeaning(
            "UnknownParameter",
            meaning: LocalizedText(
                zh: "未知参数错误，用户多传未定义的参数会导致错误。",
                en: "Unknown parameter."),
            advice: LocalizedText(
                zh: "请删去错误信息中指出的参数，或更正其拼写；参数名区分大小写。",
                en: "Remove the parameter that the message names, or correct its spelling; capitals count.")),
        ErrorMeaning(
            "UnsupportedOperation",
            meaning: LocalizedText(
                zh: "操作不支持。",
                en: "Unsupported operation."),
            advice: LocalizedText(
                zh: "请查看该函数的类型和状态是否支持这样调用，例如 Web 函数须经其访问地址调用。",
                en: """
                    See whether this kind of function can be called in this way: a web function, for example, \
                    is called at its own address.
                    """)),
        ErrorMeaning(
            "UnsupportedOperation.Region",
            meaning: LocalizedText(
                zh: "不支持此地域。",
                en: "This region is not supported."),
            advice: LocalizedText(
                zh: "请改选支持云函数的地域，即函数所在的地域。",
                en: "Choose a region that offers SCF: the one that the function lives in.")),
        ErrorMeaning(
            "UnsupportedProtocol",
            meaning: LocalizedText(
                zh: "http(s) 请求协议错误，只支持 GET 和 POST 请求。",
                en: "HTTP(S) request protocol error; only GET and POST requests are supported."),
            advice: LocalizedText(
                zh: """
                    请用 POST 发送，Content-Type 取 application/json、\
                    application/x-www-form-urlencoded 或 multipart/form-data。
                    """,
                en: """
                    Send a POST with the Content-Type application/json, application/x-www-form-urlencoded or \
                    multipart/form-data.
                    """)),
        ErrorMeaning(
            "UnsupportedRegion",
            meaning: LocalizedText(
                zh: "接口不支持所传地域。",
                en: "API does not support the requested region."),
            advice: LocalizedText(
                zh: "请核对 Region 的拼写（例如 ap-guangzhou）；金融地域须使用其专用域名。",
                en: """
                    Check the spelling of Region, such as ap-guangzhou. The finance regions need their own host \
                    name.
                    """)),
    ]
}
