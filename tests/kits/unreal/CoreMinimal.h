// The few types of Unreal that the kit and its sample use, with Unreal's own names, so that both are compiled here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#define UPROPERTY(...)
#define UFUNCTION(...)
#define USTRUCT(...)
#define UCLASS(...)
#define UENUM(...)
#define GENERATED_BODY()
#define TEXT(Literal) Literal
#define TCHAR_TO_UTF8(Text) (Text)
#define UTF8_TO_TCHAR(Text) (Text)
#define UE_LOG(Category, Level, Format, ...) LogStub(Format, ##__VA_ARGS__)

using TCHAR = char;
using uint8 = uint8_t;
using int32 = int32_t;
using int64 = int64_t;

inline void LogStub(const char*, ...) {}

class FString
{
public:
    FString() {}
    FString(const TCHAR* Text) : Chars(Text) {}

    const TCHAR* operator*() const { return Chars.c_str(); }
    FString operator+(const FString& More) const { return FString((Chars + More.Chars).c_str()); }
    bool operator==(const FString& Other) const { return Chars == Other.Chars; }
    bool IsEmpty() const { return Chars.empty(); }

private:
    std::string Chars;
};

template <typename TItem>
class TArray
{
public:
    void Add(const TItem& One) { Items.push_back(One); }
    int32 Num() const { return static_cast<int32>(Items.size()); }
    const TItem* GetData() const { return Items.data(); }
    const TItem& operator[](int32 Index) const { return Items[static_cast<size_t>(Index)]; }
    typename std::vector<TItem>::const_iterator begin() const { return Items.begin(); }
    typename std::vector<TItem>::const_iterator end() const { return Items.end(); }

private:
    std::vector<TItem> Items;
};

template <typename TSignature>
using TFunction = std::function<TSignature>;

template <typename TObject>
class TSharedRef
{
public:
    explicit TSharedRef(std::shared_ptr<TObject> InObject) : Object(InObject) {}
    template <typename TOther>
    TSharedRef(const TSharedRef<TOther>& Other) : Object(Other.Object) {}

    TObject* operator->() const { return Object.get(); }

    std::shared_ptr<TObject> Object;
};

template <typename TObject>
class TSharedPtr
{
public:
    TSharedPtr() {}
    template <typename TOther>
    TSharedPtr(const TSharedRef<TOther>& Other) : Object(Other.Object) {}

    TObject* operator->() const { return Object.get(); }
    bool IsValid() const { return Object != nullptr; }
    TSharedRef<TObject> ToSharedRef() const { return TSharedRef<TObject>(Object); }

private:
    std::shared_ptr<TObject> Object;
};

template <typename TObject>
TSharedRef<TObject> MakeShared()
{
    return TSharedRef<TObject>(std::make_shared<TObject>());
}

template <typename TObject>
using TUniquePtr = std::unique_ptr<TObject>;

template <typename TObject, typename... TGiven>
TUniquePtr<TObject> MakeUnique(TGiven&&... Given)
{
    return TUniquePtr<TObject>(new TObject(std::forward<TGiven>(Given)...));
}

class FDateTime
{
public:
    static FDateTime FromUnixTimestamp(int64 Seconds)
    {
        FDateTime Made;
        Made.Unix = Seconds;
        return Made;
    }

    static FDateTime UtcNow() { return FDateTime(); }
    int64 ToUnixTimestamp() const { return Unix; }
    FString ToIso8601() const { return FString(); }

private:
    int64 Unix = 0;
};

class FPlatformTime
{
public:
    static double Seconds() { return 0; }
};

class FPlatformProcess
{
public:
    static void LaunchURL(const TCHAR*, const TCHAR*, FString*) {}
};

class FArchive
{
public:
    virtual ~FArchive() {}
    virtual void Serialize(void*, int64) {}
    void SetIsSaving(bool) {}
};

class FCriticalSection : public std::mutex
{
};
