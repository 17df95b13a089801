/// A template of the Mustache language, the part that PRODUCT section 2 promises: variables, sections,
/// inverted sections, comments. No partials, delimiters or lambdas: a template is data and reads nothing
/// but the values it is given. White space around tags that stand alone follows mustache/spec.
///
///     {{name}}  {{{name}}}  {{&name}}  {{a.b}}  {{.}}  {{#name}}…{{/name}}  {{^name}}…{{/name}}  {{! … }}
public struct Template: Equatable, Sendable {
    indirect enum Part: Equatable, Sendable {
        case literal(String)
        case variable([String], isEscaped: Bool)
        case section([String], isInverted: Bool, [Part])
    }

    let parts: [Part]

    /// - Parameter name: the key of `feeds.toml` that holds it; errors name it as their file.
    public init(_ text: String, name: String) throws(PageError) {
        var parser = TemplateParser(Array(text.utf8), name: name)
        parts = try parser.parse()
    }

    /// Refuses a template that cannot be read, or that asks for a value which is never given.
    /// - Parameter variables: the names that there are; empty: any.
    public static func check(
        _ text: String, name: String, variables: [String] = []
    ) throws(PageError) {
        var parser = TemplateParser(Array(text.utf8), name: name)
        parser.variables = variables
        _ = try parser.parse()
    }

    /// - Parameter escape: applied to `{{name}}`, not to `{{{name}}}` and `{{&name}}`.
    public func render(
        _ value: TemplateValue, escape: (String) -> String = Markup.escaped
    ) -> String {
        var text = ""
        Template.render(parts, [value], escape, into: &text)
        return text
    }

    private static func render(
        _ parts: [Part], _ stack: [TemplateValue], _ escape: (String) -> String,
        into text: inout String
    ) {
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .variable(let path, let isEscaped):
                let found = find(path, stack).text
                text += isEscaped ? escape(found) : found
            case .section(let path, let isInverted, let inner):
                let value = find(path, stack)
                if isInverted {
                    if !value.isTrue { render(inner, stack, escape, into: &text) }
                } else if case .list(let values) = value {
                    for value in values { render(inner, stack + [value], escape, into: &text) }
                } else if value.isTrue {
                    render(inner, stack + [value], escape, into: &text)
                }
            }
        }
    }

    /// The first name is looked for outward through the sections, the others only inside it.
    private static func find(_ path: [String], _ stack: [TemplateValue]) -> TemplateValue {
        guard let first = path.first else { return stack.last ?? .absent }
        for value in stack.reversed() {
            guard var found = value.field(first) else { continue }
            for name in path.dropFirst() { found = found.field(name) ?? .absent }
            return found
        }
        return .absent
    }

    /// What stands in the template itself.
    var literals: [String] { Template.literals(of: parts) }

    private static func literals(of parts: [Part]) -> [String] {
        var texts: [String] = []
        for part in parts {
            switch part {
            case .literal(let text): texts.append(text)
            case .variable: break
            case .section(_, _, let inner): texts += literals(of: inner)
            }
        }
        return texts
    }

    /// Whether it asks for a value anywhere.
    func mentions(_ name: String) -> Bool { Template.mentions(name, parts) }

    private static func mentions(_ name: String, _ parts: [Part]) -> Bool {
        for part in parts {
            switch part {
            case .literal: break
            case .variable(let path, _): if path.first == name { return true }
            case .section(let path, _, let inner):
                if path.first == name || mentions(name, inner) { return true }
            }
        }
        return false
    }
}

/// What a template is rendered against.
public indirect enum TemplateValue: Equatable, Sendable {
    case absent
    case flag(Bool)
    case text(String)
    case list([TemplateValue])
    case fields([TemplateField])

    /// Whether a section of it is shown: not when absent, false, an empty text or an empty list.
    var isTrue: Bool {
        switch self {
        case .absent: false
        case .flag(let flag): flag
        case .text(let text): !text.isEmpty
        case .list(let values): !values.isEmpty
        case .fields: true
        }
    }

    var text: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag ? "true" : ""
        case .absent, .list, .fields: ""
        }
    }

    func field(_ name: String) -> TemplateValue? {
        guard case .fields(let fields) = self else { return nil }
        for field in fields where field.name == name { return field.value }
        return nil
    }
}

public struct TemplateField: Equatable, Sendable {
    public var name: String
    public var value: TemplateValue

    public init(_ name: String, _ value: TemplateValue) {
        self.name = name
        self.value = value
    }

    /// An empty or missing text is an absent value.
    init(_ name: String, _ text: String?) {
        self.init(name, text.map { .text($0) } ?? .absent)
    }
}
