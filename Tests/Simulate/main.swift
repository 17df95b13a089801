import Glibc
import Simulation

// What `script/simulate` runs: lives of many seeds, for so many seconds; or those of one seed again.
//
//     simulate KIND seconds S FIRST [wide]    seeds from FIRST on, until S seconds are over
//     simulate KIND seeds FIRST LAST [wide]   these seeds
//     simulate KIND mistakes [NAME]           each deliberate bug, or this one, until it is found
//
// Wide: of eight calls one is disturbed.

private let begun = ContinuousClock.now

/// Seconds since the start.
private func now() -> Double { (ContinuousClock.now - begun) / .seconds(1) }

private func fail(_ words: String) -> Never {
    print(words)
    exit(1)
}

private func usage() -> Never {
    print(
        "usage: simulate store|imports|repairs|announcements seconds S FIRST [wide] | seeds FIRST LAST [wide] | "
            + "mistakes [NAME]")
    exit(64)
}

/// Until `isOver`, or the first failure.
private func play(_ kind: Sweep.Kind, isWide: Bool, from first: UInt64, until isOver: (UInt64) -> Bool) {
    let start = now()
    var told = start
    var points = 0
    var damages = 0
    var seed = first
    while !isOver(seed) {
        var sweep = Sweep(stride: isWide ? 8 : 1)
        sweep.run(kind, seed: seed)
        points += sweep.points
        damages += sweep.damages
        if let failure = sweep.failure {
            fail("broken: \(failure)\nagain: script/simulate\(isWide ? " --wide" : "") --seed \(seed) \(kind.rawValue)")
        }
        seed += 1
        if now() - told > 60 {
            told = now()
            print("\(kind.rawValue): \(points) points of \(seed - first) seeds so far")
            fflush(nil)
        }
    }
    let seconds = now() - start
    print(
        "\(kind.rawValue): \(points) points of \(seed - first) seeds from \(first) on, \(damages) damages besides, none broken; "
            + "\(Int(Double(points) / max(seconds, 0.001))) a second")
}

/// Each mistake must be found within so many seeds.
private func find(_ kind: Sweep.Kind, _ name: String?) {
    var missed: [String] = []
    for mistake in kind.mistakes where mistake.rawValue == name ?? mistake.rawValue {
        let (points, found) = Sweep.find(mistake, in: kind)
        print("\(kind.rawValue) \(mistake.rawValue): \(found.map { "found at point \(points): \($0)" } ?? "MISSED")")
        fflush(nil)
        if found == nil { missed.append(mistake.rawValue) }
    }
    if !missed.isEmpty { fail("not found: \(missed.joined(separator: ", "))") }
}

let words = CommandLine.arguments.dropFirst()
guard words.count >= 2, let kind = Sweep.Kind(rawValue: words[1]) else { usage() }
let numbers = words.dropFirst(2).compactMap { UInt64($0) }
let isWide = words.last == "wide"
switch (words[2], numbers.count) {
case ("seconds", 2):
    let end = now() + Double(numbers[0])
    play(kind, isWide: isWide, from: numbers[1]) { _ in now() >= end }
case ("seeds", 2): play(kind, isWide: isWide, from: numbers[0]) { $0 > numbers[1] }
case ("mistakes", 0): find(kind, words.dropFirst(2).first)
default: usage()
}
