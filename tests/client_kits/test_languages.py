"""What the generators write for types and names that the examples do not have; compilers see it in tests/kits."""

from pathlib import Path

from gateway.client_kits import csharp, unreal
from tests.kits.odd_kit import odd_kit


def test_csharp_has_all_kinds_of_types(tmp_path: Path) -> None:
    source = csharp.source(odd_kit(tmp_path))
    for line in (
        "/// <summary>Where &amp; when &lt;something&gt; is</summary>",
        "public readonly List<List<string>> Ids;",
        "public readonly List<int?> Maybe;",
        "public readonly List<string> OddsText;",
        "public readonly Json Any;",
        "public List<Spot> Others;",
        'if (Next != null) json.With("next", Next.ToJson());',
        'variables.With("count", Json.Of(@count));',
        'variables.With("mode", Json.Of(OrderModeValues.Text(@mode)));',
        'if (@phases != null) variables.With("phases", Json.List(@phases.ConvertAll(one0 => Json.Of(PhaseValues',
    ):
        assert line in source, line


def test_unreal_has_all_kinds_of_types(tmp_path: Path) -> None:
    source = unreal.source(odd_kit(tmp_path, with_inputs=False))
    for line in (
        "    TArray<TArray<FString>> Ids;",
        "    TArray<FString> OddsText;",
        "    double Ratio = 0;",
        "    bool bFlag = false;",
        'if (!Any.IsEmpty()) Variables.With("any", LiveOps::ParseText(Any));',
        'if (Phases != nullptr) Variables.With("phases", LiveOps::WriteList((*Phases),',
        'Variables.With("count", LiveOps::Json::Int(Count));',
    ):
        assert line in source, line
