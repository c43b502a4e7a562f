// SPDX-License-Identifier: Apache-2.0

import CEpoll

/// The variables that a program was started with, among which may be keys. The kernel shows them to every process of
/// the same user, in `/proc/<pid>/environ`, which are functions too.
public enum ProcessEnvironment {
    /// Takes them out of there; to the program they stay variables. To be called first, while there is but one thread.
    public static func hide() {
        linux_hide_environment(nil)
    }

    /// Takes them out of there, and keeps those of these names alone.
    public static func forget(allBut names: [String]) {
        linux_hide_environment(names.joined(separator: ":"))
    }
}
