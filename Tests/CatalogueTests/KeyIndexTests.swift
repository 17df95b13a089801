import Testing

@testable import Catalogue

@Suite struct KeyIndexTests {
    @Test func `every key keeps its number while the table grows`() {
        var index = KeyIndex()
        var dice = Dice(seed: 5)
        var plain: [String: UInt32] = [:]
        for number in 0..<5000 as Range<UInt32> {
            let key = "k:\(dice.below(3000))"
            index.set(key, to: number)
            plain[key] = number
        }
        for number in 0..<3000 {
            let key = "k:\(number)"
            #expect(index.number(of: Array(key.utf8)) == plain[key])
        }
        #expect(index.number(of: []) == nil)
        index.set("", to: 7)
        #expect(index.number(of: []) == 7)
        let copy = KeyIndex(
            arena: index.arena, ends: index.ends, numbers: index.numbers, slots: index.slots)
        #expect(copy == index)
    }

    @Test func `arrays that do not belong together are none`() {
        var index = KeyIndex()
        for number in 0..<20 as Range<UInt32> { index.set("key \(number)", to: number) }
        func rebuilt(
            arena: Int = 0, ends: Int = 0, numbers: Int = 0, slots: Int? = nil
        ) -> KeyIndex? {
            KeyIndex(
                arena: index.arena.dropLast(arena), ends: index.ends.dropLast(ends),
                numbers: index.numbers.dropLast(numbers),
                slots: slots.map { Array(index.slots.prefix($0)) } ?? index.slots)
        }
        #expect(rebuilt() == index)
        #expect(rebuilt(arena: 1) == nil)
        #expect(rebuilt(ends: 1) == nil)
        #expect(rebuilt(numbers: 1) == nil)
        #expect(rebuilt(slots: 31) == nil)
        #expect(rebuilt(slots: 16) == nil)
        #expect(rebuilt(slots: 0) == nil)
    }
}
