@testable import XML

/// Writes down what it is told: an element that is passed at once, a recorded one when it is whole.
final class Journal: XMLHandler {
    var lines: [String] = []
    private var isOpen: [Bool] = []
    private let recorded: Set<String>
    private let interrupting: Set<String>

    init(recording recorded: Set<String>, interrupting: Set<String> = []) {
        self.recorded = recorded
        self.interrupting = interrupting
    }

    func concern(_ name: XMLName) -> XMLConcern {
        interrupting.contains(name.local) ? .interrupts : name.local == "keep" ? .mayEnclose : .none
    }
    func encloses(_ name: XMLName, _ attributes: [XMLAttribute]) -> Bool { true }

    func start(_ name: XMLName, on tape: XMLTape) -> XMLDecision {
        if interrupting.contains(name.local) {
            if tape.isEnclosed { return .part }
            if let cut = tape.cut() { lines.append("cut " + describe(cut)) }
        }
        lines.append("<\(name.local)\(list(tape.attributes))")
        return recorded.contains(name.local) ? .record : .pass
    }

    func end(_ fragment: XMLFragment?) { lines.append(fragment.map { describe($0) } ?? ">") }

    private func describe(_ fragment: XMLFragment, _ place: Int = 0) -> String {
        let name = fragment.name(of: place)
        var text = "(\(name.prefix ?? "-"):\(name.local) \(name.namespace ?? "-")"
        text += list(fragment.attributes(of: place)) + " "
        text += String(decoding: fragment.bytes[fragment.text(of: place)], as: UTF8.self)
        for child in fragment.children(of: place) { text += describe(fragment, child) }
        return text + ")"
    }

    private func list(_ attributes: [XMLAttribute]) -> String {
        attributes.map { " \($0.name)=\($0.value)" }.joined()
    }
}
