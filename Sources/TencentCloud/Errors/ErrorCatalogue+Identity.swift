// SPDX-License-Identifier: Apache-2.0

extension ErrorCatalogue {
    /// Codes about who calls, and what the caller may do.
    static let identity: [ErrorMeaning] = [
        ErrorMeaning(
            "AuthFailure",
            meaning: LocalizedText(
                zh: "身份验证失败。",
                en: "Authentication failed."),
            advice: LocalizedText(
                zh: "自行签名的调用方：请核对 SecretId、SecretKey 和本机时间。在网页上遇到此错误：请告知本中继的管理员，是它的密钥没有通过验证。",
                en: """
                    If you sign calls yourself, check SecretId, SecretKey and your clock. If you see this on \
                    the page, tell whoever runs this relay: it is the relay's key that was refused.
                    """)),
        ErrorMeaning(
            "AuthFailure.InvalidAuthorization",
            meaning: LocalizedText(
                zh: "请求头部的 Authorization 不符合腾讯云标准。",
                en: "`Authorization` in the request header is invalid."),
            advice: LocalizedText(
                zh: """
                    请对照签名方法 v3 的文档检查 Authorization：依次为 TC3-HMAC-SHA256、\
                    Credential、SignedHeaders、Signature，\
                    且 SignedHeaders 须含 content-type 和 host。建议直接使用官方 SDK。
                    """,
                en: """
                    Compare your Authorization header with the document on signature method v3: \
                    TC3-HMAC-SHA256, then Credential, SignedHeaders and Signature, with content-type and host \
                    among the signed headers. An official SDK writes it for you.
                    """)),
        ErrorMeaning(
            "AuthFailure.InvalidSecretId",
            meaning: LocalizedText(
                zh: "密钥非法（不是云 API 密钥类型）。",
                en: "Invalid key (not a TencentCloud API key type)."),
            advice: LocalizedText(
                zh: "请在访问管理控制台的“API 密钥管理”中取得云 API 密钥（以 AKID 开头），不要使用其他产品的密钥。",
                en: """
                    Use a cloud API key, which begins with AKID, from "API Key Management" in the CAM console; \
                    keys of other products do not work here.
                    """)),
        ErrorMeaning(
            "AuthFailure.MFAFailure",
            meaning: LocalizedText(
                zh: "MFA 错误。",
                en: "MFA failed."),
            advice: LocalizedText(
                zh: "该操作要求多因素验证：请在控制台完成验证后重试，或改用不要求 MFA 的子账号密钥。",
                en: """
                    This operation asks for multi-factor authentication: complete it in the console and try \
                    again, or use the key of a sub-account that does not need it.
                    """)),
        ErrorMeaning(
            "AuthFailure.SecretIdNotFound",
            meaning: LocalizedText(
                zh: "密钥不存在。请在控制台检查密钥是否已被删除或者禁用，如状态正常，请检查密钥是否填写正确，注意前后不得有空格。",
                en: """
                    Key does not exist. Check if the key has been deleted or disabled in the console, and if \
                    not, check if the key is correctly entered. Note that whitespaces should not exist before \
                    or after the key.
                    """),
            advice: LocalizedText(
                zh: "自行签名的调用方：请把 SecretId 与控制台逐字核对。在网页上遇到此错误：请告知本中继的管理员，它的密钥可能已被删除或禁用。",
                en: """
                    If you sign calls yourself, compare your SecretId with the console, letter by letter. If \
                    you see this on the page, tell whoever runs this relay: its key may have been deleted or \
                    disabled.
                    """)),
        ErrorMeaning(
            "AuthFailure.SignatureExpire",
            meaning: LocalizedText(
                zh: "签名过期。Timestamp 和服务器时间相差不得超过五分钟，请检查本地时间是否和标准时间同步。",
                en: """
                    Signature expired. Timestamp and server time cannot differ by more than five minutes. \
                    Please ensure your current local time matches the standard time.
                    """),
            advice: LocalizedText(
                zh: "请用 NTP 校准发起签名的那台机器的时钟（例如 timedatectl set-ntp true），然后重新签名再发送，不要重发旧请求。",
                en: """
                    Set the clock of the machine that signs, with NTP for instance (timedatectl set-ntp true), \
                    then sign the call anew; sending the old request again cannot work.
                    """)),
        ErrorMeaning(
            "AuthFailure.SignatureFailure",
            meaning: LocalizedText(
                zh: "签名错误。签名计算错误，请对照调用方式中的签名方法文档检查签名计算过程。",
                en: """
                    Invalid signature. Signature calculation error. Please ensure you've followed the signature \
                    calculation process described in the Signature API documentation.
                    """),
            advice: LocalizedText(
                zh: "请先核对 SecretKey，再确认签名所用的请求体、Host、Content-Type 与实际发送的逐字节一致，日期为 UTC 日期。请求若经过代理，代理不得改写这些内容。",
                en: """
                    First check the SecretKey, then that body, Host and Content-Type are sent byte for byte as \
                    they were signed, and that the date is the UTC date. A proxy in between must not rewrite \
                    any of them.
                    """)),
        ErrorMeaning(
            "AuthFailure.TokenFailure",
            meaning: LocalizedText(
                zh: "token 错误。",
                en: "Token error."),
            advice: LocalizedText(
                zh: "临时密钥由 SecretId、SecretKey、Token 三者组成，须同时取得并一同更换；请重新获取整组临时密钥。永久密钥不要带 Token。",
                en: """
                    Temporary credentials are a SecretId, a SecretKey and a Token that belong together: fetch \
                    all three anew and replace them at once. With a permanent key send no token.
                    """)),
        ErrorMeaning(
            "AuthFailure.UnauthorizedOperation",
            meaning: LocalizedText(
                zh: "请求未授权。请参考 CAM 文档对鉴权的说明。",
                en: "The request is not authorized. For more information, see the CAM documentation."),
            advice: LocalizedText(
                zh: "请账号管理员在访问管理（CAM）中为该密钥所属用户授予 scf:Invoke 权限，然后重试。",
                en: """
                    Ask the account's administrator to grant scf:Invoke in CAM to the user that owns the key, \
                    then try again.
                    """)),
        ErrorMeaning(
            "InvalidCredential",
            meaning: LocalizedText(
                zh: "没有可用的密钥。",
                en: "There are no usable credentials."),
            advice: LocalizedText(
                zh: """
                    请管理员设置环境变量 TENCENTCLOUD_SECRET_ID 和 TENCENTCLOUD_SECRET_KEY，\
                    或填写 ~/.tencentcloud/credentials，注意前后不得有空格，然后重启服务。
                    """,
                en: """
                    The operator should set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or fill in \
                    ~/.tencentcloud/credentials, without spaces around the values, and restart the service.
                    """)),
        ErrorMeaning(
            "UnauthorizedOperation",
            meaning: LocalizedText(
                zh: "未授权操作。",
                en: "Unauthorized operation."),
            advice: LocalizedText(
                zh: "请从本站自己的页面提交；若仍被拒绝，请联系管理员为您开通该操作。",
                en: """
                    Send the form from this site's own page. If it is still refused, ask the operator to allow \
                    you this operation.
                    """)),
        ErrorMeaning(
            "UnauthorizedOperation.CAM",
            meaning: LocalizedText(
                zh: "CAM鉴权失败。",
                en: "CAM authentication failed."),
            advice: LocalizedText(
                zh: "请核对函数名和命名空间是否在本站允许的函数之列；若在列，请管理员在 CAM 中为所用密钥授予该函数的 scf:Invoke 权限。",
                en: """
                    Check that function and namespace are among those that may be called here. If they are, the \
                    operator should grant scf:Invoke on this function, in CAM, to the key in use.
                    """)),
        ErrorMeaning(
            "UnauthorizedOperation.Region",
            meaning: LocalizedText(
                zh: "Region错误。",
                en: "The region is wrong."),
            advice: LocalizedText(
                zh: "请改选该函数所在的地域；不确定时，可在云函数控制台左上角查看函数所在地域。",
                en: """
                    Choose the region that the function lives in; the SCF console shows it at the top of the \
                    function list.
                    """)),
        ErrorMeaning(
            "IpInBlacklist",
            meaning: LocalizedText(
                zh: "IP地址在黑名单中。",
                en: "Your IP is in uin IP blacklist."),
            advice: LocalizedText(
                zh: "请账号管理员在访问管理控制台检查 IP 限制策略，把发起调用的出口 IP 移出黑名单。",
                en: """
                    Ask the account's administrator to take the outgoing IP address off the deny list in the \
                    CAM console.
                    """)),
        ErrorMeaning(
            "IpNotInWhitelist",
            meaning: LocalizedText(
                zh: "IP地址不在白名单中。",
                en: "Your IP is not in uin IP whitelist."),
            advice: LocalizedText(
                zh: "请账号管理员在访问管理控制台把发起调用的出口 IP 加入白名单；服务器更换出口 IP 后也须更新。",
                en: """
                    Ask the account's administrator to add the outgoing IP address to the allow list in the CAM \
                    console, and to do so again whenever that address changes.
                    """)),
        ErrorMeaning(
            "OperationDenied",
            meaning: LocalizedText(
                zh: "操作被拒绝。",
                en: "The operation was denied."),
            advice: LocalizedText(
                zh: "请管理员在腾讯云控制台查看账号状态和站内信，解除限制后再重试。",
                en: """
                    The operator should look at the account's state and messages in the Tencent Cloud console; \
                    try again once the restriction is lifted.
                    """)),
        ErrorMeaning(
            "OperationDenied.AccountIsolate",
            meaning: LocalizedText(
                zh: "账号已被隔离。",
                en: "The account is isolated."),
            advice: LocalizedText(
                zh: "账号通常因欠费被隔离：请管理员在费用中心结清欠款，恢复后再重试。",
                en: """
                    Accounts are usually isolated for unpaid bills: the operator should settle them in the \
                    billing centre; try again after that.
                    """)),
    ]
}
