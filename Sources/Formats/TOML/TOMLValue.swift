/// Where something stands in a document: both numbers from 1, the column in Unicode scalars.
public struct TOMLPosition: Equatable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A value and where it begins. For a table with a header that is the header's first bracket, for a
/// table made on the way to a dotted key the key's own part.
public struct TOMLValue: Equatable, Sendable {
    public var position: TOMLPosition
    public var content: TOMLContent

    public init(position: TOMLPosition, content: TOMLContent) {
        self.position = position
        self.content = content
    }
}

/// The types of TOML 1.0.0. Dates and times keep their written clock, as the parts of a calendar:
/// only an offset date-time names an instant.
public enum TOMLContent: Equatable, Sendable {
    /// Line breaks in multi-line strings are `\n`, however the document spells them.
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// `offset` is in seconds east of UTC; digits of the fraction beyond nine are dropped.
    case offsetDateTime(CivilTime, nanoseconds: Int, offset: Int)
    case localDateTime(CivilTime, nanoseconds: Int)
    case localDate(Day)
    case localTime(TOMLTime)
    /// Also what `[[name]]` makes: then every element is a table.
    case array([TOMLValue])
    case table(TOMLTable)

    /// The type with its article, for sentences like `found a string`.
    public var typeName: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a float"
        case .boolean: "a boolean"
        case .offsetDateTime: "a date-time"
        case .localDateTime: "a local date-time"
        case .localDate: "a date"
        case .localTime: "a time of day"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// A time of day on no day and in no zone.
public struct TOMLTime: Equatable, Sendable {
    public var hour: Int
    public var minute: Int
    /// 60 in a leap second.
    public var second: Int
    public var nanoseconds: Int

    public init(hour: Int, minute: Int, second: Int, nanoseconds: Int = 0) {
        self.hour = hour
        self.minute = minute
        self.second = second
        self.nanoseconds = nanoseconds
    }
}
