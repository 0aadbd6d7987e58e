namespace LiveOps
{
// A JSON value. Reading never fails: what is missing or of another type is 0, false or empty, so that a newer gateway
// cannot break a game that is out. Numbers keep their text, so that no amount loses digits. Texts are UTF-8.
class Json
{
public:
    Json() {}

    static Json Text(const std::string& Value)
    {
        Json Made(EKind::Text);
        Made.Chars = Value;
        return Made;
    }

    static Json Bool(bool bValue) { return Raw(bValue ? "true" : "false"); }

    static Json Int(int64_t Value) { return Raw(std::to_string(Value)); }

    static Json Number(double Value)
    {
        char Written[32];
        std::snprintf(Written, sizeof(Written), "%.17g", Value);
        return Raw(Written);
    }

    static Json List() { return Json(EKind::List); }

    static Json Object() { return Json(EKind::Object); }

    // The value of a text; bValid says whether it is JSON.
    static Json Parse(const std::string& Source, bool& bValid)
    {
        FReader Reader{Source, 0, true};
        Json Made = Reader.Value(0);
        Reader.SkipSpace();
        bValid = Reader.bValid && Reader.At == Source.size();
        return bValid ? Made : Json();
    }

    bool IsNull() const { return Kind == EKind::Null; }
    bool IsObject() const { return Kind == EKind::Object; }
    bool IsText() const { return Kind == EKind::Text; }

    const std::vector<Json>& Items() const { return Kind == EKind::List ? Values : Nothing().Values; }
    const std::vector<std::string>& Keys() const { return Names; }

    // The value of a key; null if there is none.
    const Json& operator[](const std::string& Key) const
    {
        for (size_t Index = 0; Index < Names.size(); ++Index)
        {
            if (Names[Index] == Key)
            {
                return Values[Index];
            }
        }
        return Nothing();
    }

    Json& With(const std::string& Key, const Json& Value)
    {
        for (size_t Index = 0; Index < Names.size(); ++Index)
        {
            if (Names[Index] == Key)
            {
                Values[Index] = Value;
                return *this;
            }
        }
        Names.push_back(Key);
        Values.push_back(Value);
        return *this;
    }

    Json& Add(const Json& Value)
    {
        Values.push_back(Value);
        return *this;
    }

    std::string AsText() const { return Kind == EKind::Text ? Chars : std::string(); }
    bool AsBool() const { return Kind == EKind::Raw && Chars == "true"; }
    double AsNumber() const { return Kind == EKind::Raw ? std::strtod(Chars.c_str(), nullptr) : 0; }

    int64_t AsInt() const
    {
        if (Kind != EKind::Raw)
        {
            return 0;
        }
        const bool bIsWhole = Chars.find_first_of(".eE") == std::string::npos;
        return bIsWhole ? std::strtoll(Chars.c_str(), nullptr, 10) : static_cast<int64_t>(AsNumber());
    }

    // A moment, written as RFC 3339, in seconds since 1970; 0 if it is none.
    double AsTime() const
    {
        int Year = 0, Month = 0, Day = 0, Hour = 0, Minute = 0, Used = 0;
        double Second = 0;
        const std::string Written = AsText();
        if (std::sscanf(Written.c_str(), "%d-%d-%dT%d:%d:%lf%n", &Year, &Month, &Day, &Hour, &Minute, &Second, &Used) < 6)
        {
            return 0;
        }
        int AwayHours = 0, AwayMinutes = 0;
        const std::string Zone = Written.substr(static_cast<size_t>(Used));
        std::sscanf(Zone.c_str(), "%*1[+-]%d:%d", &AwayHours, &AwayMinutes);
        const int Away = (AwayHours * 60 + AwayMinutes) * (Zone[0] == '-' ? -1 : 1);
        return static_cast<double>(Days(Year, Month, Day)) * 86400 + Hour * 3600 + (Minute - Away) * 60 + Second;
    }

    std::string Write() const
    {
        std::string Into;
        WriteTo(Into);
        return Into;
    }

private:
    enum class EKind { Null, Raw, Text, List, Object };

    EKind Kind = EKind::Null;
    std::string Chars;
    std::vector<std::string> Names;
    std::vector<Json> Values;

    explicit Json(EKind InKind) : Kind(InKind) {}

    static Json Raw(const std::string& Value)
    {
        Json Made(EKind::Raw);
        Made.Chars = Value;
        return Made;
    }

    static const Json& Nothing()
    {
        static const Json None;
        return None;
    }

    // Days since 1970 in the Gregorian calendar.
    static int64_t Days(int Year, int Month, int Day)
    {
        const int64_t Shifted = Month <= 2 ? Year - 1 : Year;
        const int64_t Era = (Shifted >= 0 ? Shifted : Shifted - 399) / 400;
        const int64_t OfEra = Shifted - Era * 400;
        const int64_t OfYear = (153 * (Month + (Month > 2 ? -3 : 9)) + 2) / 5 + Day - 1;
        return Era * 146097 + OfEra * 365 + OfEra / 4 - OfEra / 100 + OfYear - 719468;
    }

    void WriteTo(std::string& Into) const
    {
        if (Kind == EKind::Null)
        {
            Into += "null";
        }
        else if (Kind == EKind::Raw)
        {
            Into += Chars;
        }
        else if (Kind == EKind::Text)
        {
            WriteText(Chars, Into);
        }
        else
        {
            const bool bIsObject = Kind == EKind::Object;
            Into += bIsObject ? '{' : '[';
            for (size_t Index = 0; Index < Values.size(); ++Index)
            {
                Into += Index > 0 ? "," : "";
                if (bIsObject)
                {
                    WriteText(Names[Index], Into);
                    Into += ':';
                }
                Values[Index].WriteTo(Into);
            }
            Into += bIsObject ? '}' : ']';
        }
    }

    static void WriteText(const std::string& Source, std::string& Into)
    {
        Into += '"';
        for (const char One : Source)
        {
            if (One == '"' || One == '\\')
            {
                Into += '\\';
                Into += One;
            }
            else if (static_cast<unsigned char>(One) < 0x20)
            {
                char Escape[8];
                std::snprintf(Escape, sizeof(Escape), "\\u%04x", static_cast<unsigned>(One));
                Into += Escape;
            }
            else
            {
                Into += One;
            }
        }
        Into += '"';
    }

    struct FReader
    {
        const std::string& Source;
        size_t At;
        bool bValid;

        char Peek() const { return At < Source.size() ? Source[At] : '\0'; }

        void SkipSpace()
        {
            while (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t')
            {
                ++At;
            }
        }

        bool Take(char Wanted)
        {
            SkipSpace();
            if (Peek() != Wanted)
            {
                return false;
            }
            ++At;
            return true;
        }

        Json Fail()
        {
            bValid = false;
            return Json();
        }

        Json Value(int Depth)
        {
            if (Depth > 64)
            {
                return Fail();
            }
            if (Take('{') || Take('['))
            {
                return Several(Source[At - 1] == '{', Depth);
            }
            return Peek() == '"' ? Text(String()) : Word();
        }

        Json Several(bool bIsObject, int Depth)
        {
            Json Made(bIsObject ? EKind::Object : EKind::List);
            const char End = bIsObject ? '}' : ']';
            if (Take(End))
            {
                return Made;
            }
            do
            {
                std::string Key;
                if (bIsObject)
                {
                    SkipSpace();
                    Key = String();
                    bValid = bValid && Take(':');
                }
                const Json One = Value(Depth + 1);
                bIsObject ? Made.With(Key, One) : Made.Add(One);
            }
            while (bValid && Take(','));
            bValid = bValid && Take(End);
            return Made;
        }

        Json Word()
        {
            const size_t Start = At;
            while (std::isalnum(static_cast<unsigned char>(Peek())) || Peek() == '+' || Peek() == '-' || Peek() == '.')
            {
                ++At;
            }
            const std::string Found = Source.substr(Start, At - Start);
            if (Found == "null")
            {
                return Json();
            }
            return Found == "true" || Found == "false" || IsNumber(Found) ? Raw(Found) : Fail();
        }

        static bool IsNumber(const std::string& Found)
        {
            size_t Place = Found[0] == '-' ? 1 : 0;
            if (!Digits(Found, Place))
            {
                return false;
            }
            if (Found[Place] == '.' && !Digits(Found, ++Place))
            {
                return false;
            }
            if (Found[Place] == 'e' || Found[Place] == 'E')
            {
                ++Place;
                Place += Found[Place] == '+' || Found[Place] == '-' ? 1 : 0;
                if (!Digits(Found, Place))
                {
                    return false;
                }
            }
            return Place == Found.size();
        }

        static bool Digits(const std::string& Found, size_t& Place)
        {
            const size_t Start = Place;
            while (Place < Found.size() && Found[Place] >= '0' && Found[Place] <= '9')
            {
                ++Place;
            }
            return Place > Start;
        }

        std::string String()
        {
            std::string Made;
            if (Peek() != '"')
            {
                bValid = false;
                return Made;
            }
            for (++At; At < Source.size() && Peek() != '"'; ++At)
            {
                if (Peek() == '\\')
                {
                    Escape(Made);
                }
                else
                {
                    Made += Peek();
                }
            }
            bValid = bValid && Peek() == '"';
            ++At;
            return Made;
        }

        void Escape(std::string& Made)
        {
            ++At;
            const std::string Known = "\"\\/bfnrt";
            const size_t Found = Known.find(Peek());
            if (Peek() != '\0' && Found != std::string::npos)
            {
                Made += "\"\\/\b\f\n\r\t"[Found];
                return;
            }
            unsigned Code = Peek() == 'u' ? Hex() : 0x110000;
            const bool bIsFirstHalf = Code >= 0xD800 && Code < 0xDC00;
            if (bIsFirstHalf && Source.compare(At + 1, 2, "\\u") == 0)
            {
                At += 2;
                const unsigned Low = Hex();
                const bool bIsPair = Low >= 0xDC00 && Low < 0xE000;
                bIsPair ? void() : Utf8(Code, Made);
                Code = bIsPair ? 0x10000 + ((Code - 0xD800) << 10) + (Low - 0xDC00) : Low;
            }
            bValid = bValid && Code < 0x110000;
            bValid ? Utf8(Code, Made) : void();
        }

        // The four digits after the letter that is read now.
        unsigned Hex()
        {
            unsigned Code = 0;
            for (int Count = 0; Count < 4; ++Count)
            {
                ++At;
                const char Digit = static_cast<char>(std::tolower(static_cast<unsigned char>(Peek())));
                const size_t Value16 = std::string("0123456789abcdef").find(Digit);
                if (Digit == '\0' || Value16 == std::string::npos)
                {
                    return 0x110000;
                }
                Code = Code * 16 + static_cast<unsigned>(Value16);
            }
            return Code;
        }

        static void Utf8(unsigned Code, std::string& Made)
        {
            // Half of a pair is no character.
            const unsigned Char = Code >= 0xD800 && Code < 0xE000 ? 0xFFFD : Code;
            if (Char < 0x80)
            {
                Made += static_cast<char>(Char);
                return;
            }
            const int More = Char < 0x800 ? 1 : Char < 0x10000 ? 2 : 3;
            Made += static_cast<char>((0xFF00 >> (More + 1) & 0xFF) | (Char >> 6 * More));
            for (int Left = More - 1; Left >= 0; --Left)
            {
                Made += static_cast<char>(0x80 | (Char >> 6 * Left & 0x3F));
            }
        }
    };
};
}
