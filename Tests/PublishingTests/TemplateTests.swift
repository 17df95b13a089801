import Formats
import Testing

@testable import Publishing

struct TemplateTests {
    @Test(arguments: ["interpolation", "sections", "inverted", "comments"])
    func `passes every case of the Mustache specification`(file: String) throws {
        guard let suite = Fixture.conformance("mustache/\(file).json") else { return }
        let cases = suite["tests"]?.arrayValue ?? []
        #expect(cases.count > 10)
        for test in cases {
            let name = test["name"]?.stringValue ?? ""
            let text = test["template"]?.stringValue ?? ""
            let template = try Template(text, name: name)
            let rendered = template.render(TemplateValue(test["data"] ?? .null)) {
                // The specification leaves the apostrophe alone.
                Markup.escaped($0).replacing("&#39;", with: "'")
            }
            #expect(rendered == test["expected"]?.stringValue, "\(file): \(name)")
        }
    }

    @Test(arguments: [
        ("{{#a}}x", 1, 1, "section \"a\" without an end", "add {{/a}}"),
        ("x\n {{/a}}", 2, 2, "the end of \"a\", which is not open", "remove it"),
        ("{{#a}}{{/b}}", 1, 7, "the end of \"b\" inside \"a\"", "close it by {{/a}}"),
        ("é{{a", 1, 2, "a tag without an end", "add }}"),
        ("{{{a}}", 1, 1, "a tag without an end", "add }}}"),
        (
            "{{> a}}", 1, 1, "a tag that begins with \"{{>\"",
            "only variables, sections, inverted sections and comments are known"
        ),
        (
            "{{=<% %>=}}", 1, 1, "a tag that begins with \"{{=\"",
            "only variables, sections, inverted sections and comments are known"
        ),
        ("{{}}", 1, 1, "a tag without a name", "write one name, as in {{title}}"),
        ("{{a b}}", 1, 1, "the name \"a b\"", "write one name, as in {{title}}"),
        ("{{a..b}}", 1, 1, "the name \"a..b\"", "write one name, as in {{title}}"),
        ("{{titel}}", 1, 1, "the unknown name \"titel\"", "known are title, a, b"),
    ])
    func `says what is wrong with a template, where, and what to write`(
        text: String, line: Int, column: Int, found: String, mend: String
    ) {
        #expect(
            throws: PageError(file: "template", line: line, column: column, found: found, mend: mend)
        ) {
            try Template.check(text, name: "template", variables: ["title", "a", "b"])
        }
    }

    @Test func `an empty text is no reason to show a section`() throws {
        let template = try Template("[{{#a}}{{a}}{{/a}}{{^a}}none{{/a}}]", name: "template")
        #expect(template.render(.fields([TemplateField("a", .text(""))])) == "[none]")
    }
}

extension TemplateValue {
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .absent
        case .bool(let flag): self = .flag(flag)
        case .integer(let number): self = .text(String(number))
        case .number(let text), .string(let text): self = .text(text)
        case .array(let values): self = .list(values.map { TemplateValue($0) })
        case .object(let members):
            self = .fields(members.map { TemplateField($0.name, TemplateValue($0.value)) })
        }
    }
}
