/// The words of dates, lower case: months, days, halves of the day, zones.
enum DateWords {
    static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x80...: true
        default: false
        }
    }

    static func folded(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).lowercased()
    }

    /// English names may be cut anywhere after the third letter: `Sept`, `Janu`.
    static func month(_ word: String) -> Int? {
        if let number = months[word] { return number }
        guard word.utf8.count > 3, let number = months[String(word.prefix(3))] else { return nil }
        return english[number - 1].hasPrefix(word) ? number : nil
    }

    private static let english = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]

    /// English by three letters; German, French, Spanish, Italian, Portuguese, Dutch, Hungarian and
    /// Greek as they are written out and as feeds shorten them.
    private static let months: [String: Int] = [
        "jan": 1, "januar": 1, "jän": 1, "jänner": 1, "janvier": 1, "janv": 1, "enero": 1, "ene": 1,
        "gennaio": 1, "gen": 1, "janeiro": 1, "januari": 1, "január": 1, "ιαν": 1, "ιανουαρίου": 1,
        "feb": 2, "februar": 2, "février": 2, "fév": 2, "févr": 2, "fevrier": 2, "febrero": 2,
        "febbraio": 2, "fevereiro": 2, "fev": 2, "februari": 2, "február": 2, "φεβ": 2,
        "φεβρουαρίου": 2,
        "mar": 3, "märz": 3, "mär": 3, "mrz": 3, "mars": 3, "marzo": 3, "março": 3, "maart": 3,
        "mrt": 3, "március": 3, "μάρ": 3, "μαρ": 3, "μαρτίου": 3,
        "apr": 4, "avril": 4, "avr": 4, "abril": 4, "abr": 4, "aprile": 4, "április": 4, "απρ": 4,
        "απριλίου": 4,
        "may": 5, "mai": 5, "mayo": 5, "maggio": 5, "mag": 5, "maio": 5, "mei": 5, "május": 5,
        "μάι": 5, "μαϊ": 5, "μαΐου": 5,
        "jun": 6, "juni": 6, "juin": 6, "junio": 6, "giugno": 6, "giu": 6, "junho": 6, "június": 6,
        "ιούν": 6, "ιον": 6, "ιουν": 6, "ιουνίου": 6,
        "jul": 7, "juli": 7, "juillet": 7, "juil": 7, "julio": 7, "luglio": 7, "lug": 7, "julho": 7,
        "július": 7, "ιούλ": 7, "ιολ": 7, "ιουλ": 7, "ιουλίου": 7,
        "aug": 8, "août": 8, "aout": 8, "agosto": 8, "ago": 8, "augustus": 8, "augusztus": 8,
        "αύγ": 8, "αυγ": 8, "αυγούστου": 8,
        "sep": 9, "septembre": 9, "septiembre": 9, "settembre": 9, "set": 9, "setembro": 9,
        "szeptember": 9, "σεπ": 9, "σεπτεμβρίου": 9,
        "oct": 10, "okt": 10, "oktober": 10, "octobre": 10, "octubre": 10, "ottobre": 10, "ott": 10,
        "outubro": 10, "out": 10, "október": 10, "οκτ": 10, "οκτωβρίου": 10,
        "nov": 11, "novembre": 11, "noviembre": 11, "novembro": 11, "νοέ": 11, "νοε": 11,
        "νοεμβρίου": 11,
        "dec": 12, "dez": 12, "dezember": 12, "décembre": 12, "déc": 12, "diciembre": 12, "dic": 12,
        "dicembre": 12, "dezembro": 12, "δεκ": 12, "δεκεμβρίου": 12,
    ]

    /// March in most languages, and Tuesday in French, Spanish and Italian.
    static let dayOrMonth = "mar"

    /// English names may be cut anywhere after the second letter: `Thurs`.
    static func isDay(_ word: String) -> Bool {
        days.contains(word) || word.utf8.count > 1 && englishDays.contains { $0.hasPrefix(word) }
    }

    private static let englishDays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// In the languages of the months; what has other letters than English is known as a word by them.
    private static let days: Set = [
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag",
        "di", "mi", "do", "so",
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
        "lun", "mer", "jeu", "ven", "sam", "dim",
        "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
        "mie", "jue", "vie", "sab", "dom",
        "lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "gio",
        "segunda", "terca", "quarta", "quinta", "sexta", "feira", "seg", "ter", "qua", "qui", "sex",
        "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
        "ma", "wo", "vr", "za", "zo",
        "kedd", "szerda", "szombat",
        // Of languages whose months are not read; written out they may stand before an English one.
        "mandag", "tirsdag", "tisdag", "onsdag", "torsdag", "fredag", "wtorek", "czwartek", "sobota", "niedziela",
        "miercuri", "vineri", "sambata", "duminica", "dilluns", "dimarts", "dimecres", "dijous", "divendres",
        "dissabte", "diumenge", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai",
        "sunnuntai", "pazartesi", "cumartesi", "pazar", "senin", "selasa", "kamis", "jumat", "sabtu", "minggu",
    ]

    /// Whether it is after noon.
    static let halves = ["am": false, "pm": true, "오전": false, "오후": true]

    /// Words that join the parts and say nothing; the names of days beside a time.
    static let fillers: Set = [
        "at", "of", "de", "del", "um", "à", "le", "the", "uhr", "on", "mon", "tue", "wed", "thu", "fri",
        "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// Minutes east of UTC: RFC 822 §5.1 and the names that feeds use besides (gofeed, feedparser).
    /// `cst` and `ist` mean several zones; RFC 822 decides the one, India's size the other.
    static let zones: [String: Int] = [
        "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "etc": 0,
        "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360,
        "mst": -420, "mdt": -360, "mt": -420, "pst": -480, "pdt": -420, "pt": -480,
        "ast": -240, "adt": -180, "nst": -210, "ndt": -150, "akst": -540, "akdt": -480,
        "hst": -600, "art": -180, "brt": -180,
        "bst": 60, "cet": 60, "met": 60, "west": 60, "cest": 120, "mest": 120, "mesz": 120,
        "mez": 60, "eet": 120, "sast": 120, "eest": 180, "msk": 180, "ist": 330, "sgt": 480,
        "hkt": 480, "awst": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720,
        "nzdt": 780,
        // RFC 822's letters of the military, which counts westward from A.
        "a": -60, "b": -120, "c": -180, "d": -240, "e": -300, "f": -360, "g": -420, "h": -480,
        "i": -540, "k": -600, "l": -660, "m": -720, "n": 60, "o": 120, "p": 180, "q": 240, "r": 300,
        "s": 360, "u": 480, "v": 540, "w": 600, "x": 660, "y": 720,
    ]

    enum Part { case year, month, day }

    /// The Korean, Chinese and Japanese words for year, month and day follow their number without a gap.
    static func unit(in bytes: ArraySlice<UInt8>) -> (part: Part, length: Int, offsetSeconds: Int?)? {
        guard let first = bytes.first, first >= 0xE0 else { return nil }
        for (text, part, offsetSeconds) in units where bytes.starts(with: text.utf8) {
            return (part, text.utf8.count, offsetSeconds)
        }
        return nil
    }
    /// Who writes Korean writes Korean time. The others' words are the same in several zones.
    private static let units: [(text: String, part: Part, offsetSeconds: Int?)] = [
        ("년", .year, 32_400), ("월", .month, 32_400), ("일", .day, 32_400),
        ("年", .year, nil), ("月", .month, nil), ("日", .day, nil),
    ]

    /// Length of `st`, `nd`, `rd`, `th`, or of German and French marks, right after a day.
    static func ordinalSuffix(in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first, isLetter(first) else { return nil }
        let word = folded(bytes.prefix { isLetter($0) })
        return ["st", "nd", "rd", "th", "er"].contains(word) ? word.utf8.count : nil
    }
}
