// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// A catalogue of two functions.
struct FakeCatalogue: FunctionCatalogue {
    func list(_ request: ListFunctionsRequest) async throws(CloudError) -> ListFunctionsResponse {
        request.choose(
            from: ["hello", "echo"].map {
                FunctionListing(
                    functionName: $0, namespace: request.namespace ?? "default", functionId: "lam-\($0)",
                    modTime: CatalogueTime(unixSeconds: 0), runtime: $0 == "hello" ? "Python3" : "Nodejs")
            })
    }

    func get(_ request: GetFunctionRequest) async throws(CloudError) -> FunctionDetails {
        throw CloudError("ResourceNotFound.Function", "There is no function \(request.functionName).")
    }
}
