namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Globalization;
    using System.Text;

    /// <summary>A text is not JSON.</summary>
    public sealed class JsonException : Exception
    {
        public JsonException(string message) : base(message) { }
    }

    /// <summary>
    /// A JSON value. Reading never fails: what is missing or of another type is null, 0, false or empty, so that a
    /// newer gateway cannot break a game that is out. Numbers keep their text, so that no amount loses digits.
    /// </summary>
    public sealed class Json
    {
        public static readonly Json Null = new Json();

        private const int MaxDepth = 64;
        private static readonly List<Json> NoItems = new List<Json>();
        private static readonly string[] NoKeys = new string[0];

        private string text;
        private bool isText;
        private List<Json> items;
        private Dictionary<string, Json> members;

        private Json() { }

        /// <summary>A text, or null.</summary>
        public static Json Of(string value)
        {
            return value == null ? Null : new Json { text = value, isText = true };
        }

        public static Json Of(bool? value) { return value == null ? Null : Raw(value.Value ? "true" : "false"); }

        public static Json Of(long? value)
        {
            return value == null ? Null : Raw(value.Value.ToString(CultureInfo.InvariantCulture));
        }

        public static Json Of(double? value)
        {
            return value == null ? Null : Raw(value.Value.ToString("R", CultureInfo.InvariantCulture));
        }

        /// <summary>A decimal as the gateway takes it: a text.</summary>
        public static Json Of(decimal? value)
        {
            return value == null ? Null : Of(value.Value.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>A moment as the gateway takes it: RFC 3339 in UTC.</summary>
        public static Json Of(DateTime? value)
        {
            if (value == null) return Null;
            return Of(value.Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        }

        public static Json List(IEnumerable<Json> values) { return new Json { items = new List<Json>(values) }; }

        public static Json Object() { return new Json { members = new Dictionary<string, Json>() }; }

        private static Json Raw(string text) { return new Json { text = text }; }

        public bool IsNull { get { return text == null && items == null && members == null; } }

        public bool IsObject { get { return members != null; } }

        /// <summary>The value of a key; `Null` if there is none.</summary>
        public Json this[string key]
        {
            get
            {
                Json found;
                return members != null && members.TryGetValue(key, out found) ? found : Null;
            }
        }

        /// <summary>The keys of an object; none if it is none.</summary>
        public IEnumerable<string> Keys { get { return members == null ? NoKeys : (IEnumerable<string>)members.Keys; } }

        /// <summary>The same object with one more key.</summary>
        public Json With(string key, Json value)
        {
            members[key] = value;
            return this;
        }

        /// <summary>The items of a list; none if it is no list.</summary>
        public List<Json> Items { get { return items ?? NoItems; } }

        /// <summary>The items of a list, each read; null if there is no list.</summary>
        public List<T> Map<T>(Func<Json, T> read)
        {
            if (items == null) return null;
            var made = new List<T>(items.Count);
            foreach (var one in items) made.Add(read(one));
            return made;
        }

        /// <summary>The text, or null if it is none.</summary>
        public string Text { get { return isText ? text : null; } }

        public bool Bool { get { return !isText && text == "true"; } }

        public int Int { get { return (int)Math.Max(int.MinValue, Math.Min(int.MaxValue, Long)); } }

        public long Long
        {
            get
            {
                long whole;
                if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) return whole;
                var number = Double;
                return number >= long.MinValue && number < long.MaxValue ? (long)number : 0;
            }
        }

        public double Double
        {
            get
            {
                double number;
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : 0;
            }
        }

        public decimal Decimal
        {
            get
            {
                decimal number;
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : 0;
            }
        }

        /// <summary>A moment in UTC; the first there is if the text is no moment.</summary>
        public DateTime Time
        {
            get
            {
                DateTime time;
                const DateTimeStyles utc = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
                return DateTime.TryParse(Text, CultureInfo.InvariantCulture, utc, out time)
                    ? time
                    : new DateTime(0, DateTimeKind.Utc);
            }
        }

        /// <summary>Read a text. Throws JsonException.</summary>
        public static Json Parse(string text)
        {
            var at = 0;
            var read = ReadValue(text, ref at, 0);
            SkipSpace(text, ref at);
            if (at < text.Length) throw new JsonException("There is more after the value.");
            return read;
        }

        public override string ToString()
        {
            var into = new StringBuilder();
            Write(into);
            return into.ToString();
        }

        private void Write(StringBuilder into)
        {
            if (isText) WriteText(text, into);
            else if (text != null) into.Append(text);
            else if (items != null) WriteItems(into);
            else if (members != null) WriteMembers(into);
            else into.Append("null");
        }

        private void WriteItems(StringBuilder into)
        {
            into.Append('[');
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0) into.Append(',');
                items[i].Write(into);
            }
            into.Append(']');
        }

        private void WriteMembers(StringBuilder into)
        {
            into.Append('{');
            var isFirst = true;
            foreach (var one in members)
            {
                if (!isFirst) into.Append(',');
                isFirst = false;
                WriteText(one.Key, into);
                into.Append(':');
                one.Value.Write(into);
            }
            into.Append('}');
        }

        private static void WriteText(string text, StringBuilder into)
        {
            into.Append('"');
            foreach (var one in text)
            {
                if (one == '"' || one == '\\') into.Append('\\').Append(one);
                // Lone surrogates are no UTF-8, so they go as escapes too.
                else if (one < ' ' || char.IsSurrogate(one)) into.Append("\\u").Append(((int)one).ToString("x4"));
                else into.Append(one);
            }
            into.Append('"');
        }

        private static Json ReadValue(string text, ref int at, int depth)
        {
            if (depth > MaxDepth) throw new JsonException("The value is too deep.");
            SkipSpace(text, ref at);
            var first = at < text.Length ? text[at] : '\0';
            if (first == '{') return ReadObject(text, ref at, depth);
            if (first == '[') return ReadList(text, ref at, depth);
            if (first == '"') return Of(ReadText(text, ref at));
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || "+-.".IndexOf(text[at]) >= 0)) at++;
            var word = text.Substring(start, at - start);
            if (word == "null") return Null;
            if (!IsNumber(word) && word != "true" && word != "false") throw new JsonException("No value at " + start + ".");
            return Raw(word);
        }

        private static bool IsNumber(string word)
        {
            var at = word.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
            if (!SkipDigits(word, ref at)) return false;
            if (at < word.Length && word[at] == '.')
            {
                at++;
                if (!SkipDigits(word, ref at)) return false;
            }
            if (at < word.Length && (word[at] == 'e' || word[at] == 'E'))
            {
                at++;
                if (at < word.Length && (word[at] == '+' || word[at] == '-')) at++;
                if (!SkipDigits(word, ref at)) return false;
            }
            return at == word.Length;
        }

        private static bool SkipDigits(string word, ref int at)
        {
            var start = at;
            while (at < word.Length && word[at] >= '0' && word[at] <= '9') at++;
            return at > start;
        }

        private static Json ReadObject(string text, ref int at, int depth)
        {
            var made = Object();
            at++;
            if (Ends(text, ref at, '}')) return made;
            do
            {
                SkipSpace(text, ref at);
                var key = ReadText(text, ref at);
                Expect(text, ref at, ':');
                made.members[key] = ReadValue(text, ref at, depth + 1);
            }
            while (Continues(text, ref at, '}'));
            return made;
        }

        private static Json ReadList(string text, ref int at, int depth)
        {
            var made = new Json { items = new List<Json>() };
            at++;
            if (Ends(text, ref at, ']')) return made;
            do made.items.Add(ReadValue(text, ref at, depth + 1));
            while (Continues(text, ref at, ']'));
            return made;
        }

        private static string ReadText(string text, ref int at)
        {
            if (at >= text.Length || text[at] != '"') throw new JsonException("A text is missing at " + at + ".");
            var made = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '"')
                {
                    at++;
                    return made.ToString();
                }
                made.Append(text[at] == '\\' ? ReadEscape(text, ref at) : text[at]);
            }
            throw new JsonException("A text has no end.");
        }

        private static char ReadEscape(string text, ref int at)
        {
            at++;
            var kind = at < text.Length ? text[at] : '\0';
            var found = "\"\\/bfnrt".IndexOf(kind);
            if (found >= 0) return "\"\\/\b\f\n\r\t"[found];
            int code;
            var isCode = kind == 'u' && at + 4 < text.Length && int.TryParse(
                text.Substring(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
            if (!isCode) throw new JsonException("An escape at " + at + " is unknown.");
            at += 4;
            return (char)int.Parse(text.Substring(at - 3, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        private static void SkipSpace(string text, ref int at)
        {
            while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
        }

        private static bool Ends(string text, ref int at, char end)
        {
            SkipSpace(text, ref at);
            if (at >= text.Length || text[at] != end) return false;
            at++;
            return true;
        }

        private static bool Continues(string text, ref int at, char end)
        {
            if (Ends(text, ref at, end)) return false;
            Expect(text, ref at, ',');
            return true;
        }

        private static void Expect(string text, ref int at, char wanted)
        {
            if (!Ends(text, ref at, wanted)) throw new JsonException("'" + wanted + "' is missing at " + at + ".");
        }
    }
}
