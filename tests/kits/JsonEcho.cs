// Reads each line as JSON and writes it again, or "error": what the kit's reader and writer make of it.
using System;
using System.IO;
using System.Text;
using LiveOps;

public static class JsonEcho
{
    public static int Main()
    {
        var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        string line;
        while ((line = input.ReadLine()) != null)
        {
            try { output.WriteLine(Json.Parse(line).ToString()); }
            catch (JsonException) { output.WriteLine("error"); }
        }
        output.Flush();
        return 0;
    }
}
