import Files
import Operations
import Storage

extension FaultyDisk {
    /// Runs the first program with a second one beside it, which begins and ends at this call of the first: it
    /// is refused while the first holds the store, and only then.
    func meet(
        at call: Int, lock: String, second: @escaping () throws -> Void, while first: () throws -> Void
    ) throws {
        var broken: (any Error)?
        beside = { [unowned self] count in
            guard count == call else { return }
            let isHeld = isLocked(lock)
            do {
                try second()
                if isHeld { broken = Broken("two runs hold the store") }
            } catch OperationError.store(.disk(let error)) where error.isBusy {
                if !isHeld { broken = Broken("busy, though nobody holds the store") }
            } catch {
                broken = error
            }
        }
        defer { beside = nil }
        try first()
        if let broken { throw broken }
    }
}
