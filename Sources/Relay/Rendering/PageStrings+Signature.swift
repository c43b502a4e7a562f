// SPDX-License-Identifier: Apache-2.0

/// The words of the view "signature".
extension PageStrings {
    static let signatureEnglish: [String: String] = [
        "signatureHeading": "Signature",
        "signatureNav": "Signature",
        "signatureLead": "How TC3-HMAC-SHA256 comes about for a call, and what is wrong with one that was refused.",

        "signatureCall": "The call",
        "signatureFunctionName": "Function",
        "signatureClientContext": "Event",
        "signatureRegion": "Region",
        "signatureTimestampField": "Time of signing",
        "signatureTimestampHelp": "UNIX seconds. Empty: now.",
        "signatureShow": "Show the steps",
        "signatureKey": "The key",
        "signatureKeyHelp": "The steps are shown with a public example key.",
        "signatureOwnKeyHelp":
            "A key of your own that is typed here stays in this tab: it is sent to nobody, and kept nowhere.",
        "signatureNoCrypto": "This browser computes signatures only on https pages and on localhost.",

        "signatureStep1": "The request, but for its signature",
        "signatureStep1Help": "What is sent. X-TC-Timestamp is the time in UNIX seconds, five minutes off at most.",
        "signatureBodyLeftOut": "The body is too long to be shown; its bytes:",
        "signatureStep2": "The canonical request",
        "signatureStep2Help":
            "Method, path, query, each signed header as name:value, an empty line, the names of the signed headers, and the SHA-256 of the body as 64 hex digits.",
        "signatureStep3": "The string to sign",
        "signatureStep3Help":
            "The method of signing, the timestamp, the scope (UTC date, product, tc3_request), and the SHA-256 of the canonical request.",
        "signatureStep4": "The key of the day, and the signature",
        "signatureStep4Help":
            "HMAC-SHA256 four times: each result is the key of the next one. The first key is TC3 followed by SecretKey.",
        "signatureOf": "of",
        "signatureStep5": "The Authorization header",
        "signatureStep5Help":
            "Goes with the request above. A temporary key sends its token as X-TC-Token, which is not signed.",

        "signatureRefused": "A request that was refused",
        "signatureRequest": "The request as it was sent",
        "signatureRequestHelp":
            "Request line, headers, an empty line, body; or what curl -v prints. Its signature cannot be used for any other request, and expires after five minutes.",
        "signatureCanonical": "What your program signed",
        "signatureCanonicalHelp":
            "If it can print that: its canonical request, or its string to sign. It is compared line by line.",
        "signatureSentAt": "Time of sending",
        "signatureSentAtHelp": "UNIX seconds. Empty: now, and an old request counts as late.",
        "signatureDiagnose": "Find the mistake",

        "signatureFindings": "What the request shows",
        "signatureClean":
            "No line of it is wrong by itself. If it was refused, then something else was signed than was sent, or with another key.",
        "signatureSent": "Sent:",
        "signatureExpected": "Expected:",
        "signatureConfirmedHeading": "What was signed",
        "signatureTry":
            "Type the SecretKey of this request above: it is tried here, in this tab, with each mistake that is common.",
        "signatureUnconfirmed":
            "None of the common mistakes gives this signature with this key. Is it the key of this SecretId?",
        "signatureExpectedTexts": "What the cloud expects to be signed",
        "signatureComparison": "What was signed, line by line",
        "signatureLine": "Line",
        "signatureYours": "Yours",
        "signatureRight": "Expected",
        "signatureLineSame": "same",
        "signatureLineDifferent": "different",

        "signatureNotHTTP": "The text does not begin with a request line.",
        "signatureMethod": "The API takes GET and POST only.",
        "signaturePath": "The API has one path.",
        "signatureQueryOfPost": "A POST has no query: its signature does not cover one. Parameters go into the body.",
        "signatureMissingHeader": "A header is missing that every call needs.",
        "signatureHost":
            "This is no host of the cloud's SCF API. To a gateway it may be right; the cloud compares with the host that it was called by.",
        "signatureContentLength":
            "The body has another length than Content-Length says: it was cut, or is not pasted whole.",
        "signatureTimestamp": "X-TC-Timestamp has to be UNIX seconds, ten digits: no milliseconds, no date.",
        "signatureClock": "The timestamp is more than five minutes off. Set the clock of the machine that signs.",
        "signatureAlgorithm": "Authorization has to begin with the method of signing and a space.",
        "signatureSignedHeadersOrder": "SignedHeaders have to be lower case, in order, with ; between.",
        "signatureSignatureForm": "The signature has to be 64 hex digits in lower case, without quotes.",
        "signatureAuthorizationForm": "Authorization does not have its form. It begins so:",
        "signatureHeaderNotSigned": "A header has to be signed and is not in SignedHeaders.",
        "signatureSignedHeaderNotSent": "A header is in SignedHeaders and was not sent.",
        "signatureService": "The scope names another product.",
        "signatureDate":
            "The scope's date is not the UTC date of X-TC-Timestamp. A local date is another one for some hours of each day.",

        "signatureSupposedRight":
            "The signature is right for this key. If it was refused: is the key enabled, the clock right, and X-TC-Token there for a temporary key?",
        "signatureSupposedHost": "Another host was signed than was sent. Signed was:",
        "signatureSupposedContentType": "Another Content-Type was signed than was sent. Signed was:",
        "signatureSupposedHeaderCase": "Header values were signed as they were sent. They have to be in lower case.",
        "signatureSupposedNoEmptyLine": "The empty line after the signed headers was left out.",
        "signatureSupposedBodySpacing":
            "The body was signed with other white space or line ends than it was sent with. Make it once, and sign and send the same bytes.",
        "signatureSupposedEmptyBody": "The hash of an empty body was signed.",
        "signatureSupposedUnsignedPayload":
            "UNSIGNED-PAYLOAD was signed in place of the body, without the header X-TC-Content-SHA256: UNSIGNED-PAYLOAD.",
        "signatureSupposedUpperCaseHash": "The hash of the body was written in upper case.",
        "signatureSupposedQuery": "The query was signed in another form than it was sent. Signed was:",
        "signatureSupposedDate": "The date of another day was signed. Signed was:",
        "signatureSupposedService": "Another product was signed than the scope names. Signed was:",
        "signatureSupposedNoKeyPrefix":
            "The chain of keys began with SecretKey alone. It begins with TC3 followed by SecretKey.",
        "signatureSupposedEmptyPath": "No path was signed. It is /.",
    ]

    static let signatureChinese: [String: String] = [
        "signatureHeading": "签名",
        "signatureNav": "签名",
        "signatureLead": "一次调用的 TC3-HMAC-SHA256 签名如何得出；签名被拒绝的请求错在哪里。",

        "signatureCall": "调用",
        "signatureFunctionName": "函数",
        "signatureClientContext": "事件",
        "signatureRegion": "地域",
        "signatureTimestampField": "签名时间",
        "signatureTimestampHelp": "UNIX 时间戳（秒）。不填则为当前时间。",
        "signatureShow": "显示步骤",
        "signatureKey": "密钥",
        "signatureKeyHelp": "以下步骤使用公开的示例密钥。",
        "signatureOwnKeyHelp": "在此填写的自有密钥只留在本标签页中：不会发送给任何人，也不会保存。",
        "signatureNoCrypto": "浏览器仅在 https 页面或 localhost 上提供签名计算。",

        "signatureStep1": "签名之前的请求",
        "signatureStep1Help": "即将发送的内容。X-TC-Timestamp 为 UNIX 时间戳（秒），误差不得超过五分钟。",
        "signatureBodyLeftOut": "请求正文过长，未显示；其字节数：",
        "signatureStep2": "规范请求串 CanonicalRequest",
        "signatureStep2Help": "依次为：请求方法、路径、查询字符串、每个参与签名的头部（名:值）、一个空行、参与签名的头部名称、请求正文的 SHA-256（64 位十六进制）。",
        "signatureStep3": "待签名字符串 StringToSign",
        "signatureStep3Help": "依次为：签名算法、时间戳、凭证范围（UTC 日期、产品、tc3_request）、规范请求串的 SHA-256。",
        "signatureStep4": "当日密钥与签名",
        "signatureStep4Help": "四次 HMAC-SHA256，每次的结果是下一次的密钥。最初的密钥是 TC3 后接 SecretKey。",
        "signatureOf": "对",
        "signatureStep5": "Authorization 头部",
        "signatureStep5Help": "与上面的请求一起发送。临时密钥另以 X-TC-Token 发送 token，token 不参与签名。",

        "signatureRefused": "被拒绝的请求",
        "signatureRequest": "实际发送的请求",
        "signatureRequestHelp": "请求行、头部、空行、正文；也可以是 curl -v 的输出。其中的签名无法用于其他请求，五分钟后失效。",
        "signatureCanonical": "程序所签的内容",
        "signatureCanonicalHelp": "如果程序能够输出：规范请求串或待签名字符串。将逐行比较。",
        "signatureSentAt": "发送时间",
        "signatureSentAtHelp": "UNIX 时间戳（秒）。不填则为当前时间，较早的请求会被视为过期。",
        "signatureDiagnose": "查找错误",

        "signatureFindings": "从请求本身看到的问题",
        "signatureClean": "请求的每一行本身都没有问题。如果仍被拒绝，说明签名的内容与发送的内容不同，或者使用了其他密钥。",
        "signatureSent": "实际发送：",
        "signatureExpected": "应为：",
        "signatureConfirmedHeading": "实际签名的内容",
        "signatureTry": "请在上方填写该请求的 SecretKey：将在本标签页内用各种常见错误逐一验证。",
        "signatureUnconfirmed": "用此密钥，各种常见错误都得不出该签名。它是这个 SecretId 的密钥吗？",
        "signatureExpectedTexts": "云端期望签名的内容",
        "signatureComparison": "逐行比较所签的内容",
        "signatureLine": "行",
        "signatureYours": "实际所签",
        "signatureRight": "应为",
        "signatureLineSame": "相同",
        "signatureLineDifferent": "不同",

        "signatureNotHTTP": "文本不是以请求行开头的。",
        "signatureMethod": "该 API 只接受 GET 和 POST。",
        "signaturePath": "该 API 只有一个路径。",
        "signatureQueryOfPost": "POST 不带查询字符串：其签名不包含它。参数应放在正文中。",
        "signatureMissingHeader": "缺少每次调用都必需的头部。",
        "signatureHost": "这不是云函数 API 的域名。经过网关时可能是对的；云端按自己被访问的域名来比较。",
        "signatureContentLength": "正文长度与 Content-Length 不符：正文被截断，或没有完整粘贴。",
        "signatureTimestamp": "X-TC-Timestamp 必须是 UNIX 时间戳（秒），共十位：不是毫秒，也不是日期。",
        "signatureClock": "时间戳相差超过五分钟。请校准签名所在机器的时钟。",
        "signatureAlgorithm": "Authorization 必须以签名算法和一个空格开头。",
        "signatureSignedHeadersOrder": "SignedHeaders 必须是小写、按顺序排列，并以 ; 分隔。",
        "signatureSignatureForm": "签名必须是 64 位小写十六进制数字，不带引号。",
        "signatureAuthorizationForm": "Authorization 的格式不正确。应以如下内容开头：",
        "signatureHeaderNotSigned": "有一个必须签名的头部不在 SignedHeaders 中。",
        "signatureSignedHeaderNotSent": "SignedHeaders 中的某个头部没有发送。",
        "signatureService": "凭证范围中的产品不对。",
        "signatureDate": "凭证范围中的日期不是 X-TC-Timestamp 的 UTC 日期。本地日期每天有几个小时与之不同。",

        "signatureSupposedRight": "对此密钥而言签名正确。如果仍被拒绝：密钥是否已启用，时钟是否准确，临时密钥是否带有 X-TC-Token？",
        "signatureSupposedHost": "签名的域名与发送的不同。签名所用的是：",
        "signatureSupposedContentType": "签名的 Content-Type 与发送的不同。签名所用的是：",
        "signatureSupposedHeaderCase": "头部的值按原样参与了签名，应先转换为小写。",
        "signatureSupposedNoEmptyLine": "漏掉了参与签名的头部之后的空行。",
        "signatureSupposedBodySpacing": "签名时正文的空白或换行与发送时不同。正文只生成一次，签名和发送使用同样的字节。",
        "signatureSupposedEmptyBody": "签名用的是空正文的哈希值。",
        "signatureSupposedUnsignedPayload":
            "以 UNSIGNED-PAYLOAD 代替正文签名，但没有发送头部 X-TC-Content-SHA256: UNSIGNED-PAYLOAD。",
        "signatureSupposedUpperCaseHash": "正文的哈希值用了大写。",
        "signatureSupposedQuery": "签名的查询字符串与发送的形式不同。签名所用的是：",
        "signatureSupposedDate": "签名用了另一天的日期。签名所用的是：",
        "signatureSupposedService": "签名的产品与凭证范围中的不同。签名所用的是：",
        "signatureSupposedNoKeyPrefix": "密钥链直接从 SecretKey 开始，应从 TC3 后接 SecretKey 开始。",
        "signatureSupposedEmptyPath": "没有对路径签名。路径为 /。",
    ]
}
