// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import Invocation

/// What `GetFunction` says of a function's memory, and what says nothing of it.
@Suite struct MemorySizeTests {
    @Test(arguments: [
        (#"{"Response":{"FunctionName":"hello","MemorySize":512,"Timeout":3,"RequestId":"r"}}"#, 512),
        (#"{"Response":{"Triggers":[{"MemorySize":1}],"MemorySize":64,"Environment":{"Variables":[]}}}"#, 64),
        (#"{"Response":{"Error":{"Code":"UnauthorizedOperation.CAM","Message":"no"},"RequestId":"r"}}"#, nil),
        (#"{"Response":{"MemorySize":"512"}}"#, nil), (#"{"Response":{"MemorySize":-1}}"#, nil),
        (#"{"Response":{"MemorySize":0}}"#, nil), (#"{"MemorySize":512}"#, nil), (#"{"Response":null}"#, nil),
        ("{}", nil),
    ])
    func theMemorySizeIsThatOfTheFunction(answer: String, memorySize: Int?) throws {
        #expect(try CloudCatalogue.memorySize(in: Array(answer.utf8)[...]) == memorySize)
    }

    @Test(arguments: ["", "<html>", #"{"Response":{"MemorySize":512}"#, #"{"Response":{"MemorySize":1.5}}"#])
    func whatIsNoAnswerIsAnError(answer: String) {
        #expect(throws: JSONSyntaxError.self) { try CloudCatalogue.memorySize(in: Array(answer.utf8)[...]) }
    }
}
