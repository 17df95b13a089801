// swift-tools-version: 6.2
// The plan of the house: a room imports what stands beside its name here, and nothing else.
// Built with `--explicit-target-dependency-import-check error`, the compiler keeps it.
import PackageDescription

let package = Package(
    name: "colophon",
    products: [.executable(name: "colophon", targets: ["colophon"])],
    targets: [
        // Foreign ground: the only two libraries, and the calls that Swift cannot make itself.
        // They are opened when first they are called (CLibrary/library.h); pkgConfig would have them linked.
        .systemLibrary(name: "CXML", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // And instructions of the processor, and one call of the system.
        .systemLibrary(name: "CChecksum"),
        .systemLibrary(name: "CFiles"),

        .target(name: "Formats", dependencies: ["CChecksum"]),

        // The doors: the only rooms with unsafe constructs.
        .target(name: "XML", dependencies: ["Formats", "CXML"]),
        .target(name: "HTTP", dependencies: ["Formats", "CCurl"]),
        .target(name: "Files", dependencies: ["Formats", "CFiles"]),

        .target(name: "Catalogue", dependencies: ["Formats"]),
        .target(name: "Feeds", dependencies: ["Formats", "XML"]),
        .target(name: "Services", dependencies: ["Formats", "Catalogue", "Feeds", "XML"]),
        .target(name: "Storage", dependencies: ["Formats", "Catalogue", "Files"]),
        .target(name: "Publishing", dependencies: ["Formats", "Catalogue", "HTTP"]),
        .target(
            name: "Operations",
            dependencies: [
                "Formats", "XML", "HTTP", "Files", "Catalogue", "Feeds", "Services", "Storage",
                "Publishing",
            ]),
        .executableTarget(
            name: "colophon",
            dependencies: [
                "Formats", "HTTP", "Files", "Catalogue", "Feeds", "Services", "Storage",
                "Operations",
            ]),

        // What lies, tears and forgets, and the lives that are led with it.
        .target(
            name: "Simulation",
            dependencies: [
                "Formats", "HTTP", "Files", "Catalogue", "Storage", "Publishing", "Operations",
            ],
            path: "Tests/Simulation"),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation"], path: "Tests/Simulate"),

        .testTarget(name: "FormatsTests", dependencies: ["Formats"]),
        .testTarget(name: "XMLTests", dependencies: ["Formats", "XML", "Simulation"]),
        .testTarget(name: "HTTPTests", dependencies: ["Formats", "HTTP"]),
        .testTarget(name: "FilesTests", dependencies: ["Formats", "Files"]),
        .testTarget(name: "CatalogueTests", dependencies: ["Formats", "Catalogue"]),
        .testTarget(name: "FeedsTests", dependencies: ["Formats", "XML", "Feeds"]),
        .testTarget(
            name: "ServicesTests", dependencies: ["Formats", "Catalogue", "Feeds", "Services"]),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Formats", "Catalogue", "Files", "Storage", "Simulation"]),
        .testTarget(
            name: "PublishingTests",
            dependencies: ["Formats", "HTTP", "Catalogue", "Publishing", "Simulation"]),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Formats", "HTTP", "Files", "Catalogue", "Feeds", "Services", "Storage",
                "Publishing", "Operations", "Simulation",
            ]),
        .testTarget(
            name: "colophonTests",
            dependencies: ["Formats", "Catalogue", "Files", "Storage", "Operations", "colophon"]),
    ],
    swiftLanguageModes: [.v6]
)

/// Where every Linux has them: the headers name each other from here.
let libxml2Headers = "/usr/include/libxml2"
let doors: Set = ["XML", "HTTP", "Files"]
for target in package.targets where target.type != .system {
    target.swiftSettings =
        [
            .treatAllWarnings(as: .error),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .unsafeFlags(["-Xcc", "-I" + libxml2Headers]),
        ] + (doors.contains(target.name) || target.type == .test ? [] : [.strictMemorySafety()])
}
