import Testing
@testable import colophon
