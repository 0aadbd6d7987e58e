using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;

/// <summary>Asks by both of .NET's clients, in each encoding, and prints the bodies in base64.</summary>
static class Encodings
{
    static void Main(string[] arguments)
    {
        string address = arguments[0], credential = "Bearer " + arguments[1], body = arguments[2];
        const DecompressionMethods Both = DecompressionMethods.GZip | DecompressionMethods.Deflate;
        foreach (var accepted in new[] { DecompressionMethods.None, DecompressionMethods.GZip, Both })
        {
            var asked = (HttpWebRequest)WebRequest.Create(address);
            asked.Method = "POST";
            asked.ContentType = "application/json";
            asked.AutomaticDecompression = accepted;
            asked.Headers["Authorization"] = credential;
            var bytes = Encoding.UTF8.GetBytes(body);
            using (var sent = asked.GetRequestStream()) sent.Write(bytes, 0, bytes.Length);
            using (var response = asked.GetResponse())
            using (var read = new MemoryStream())
            {
                response.GetResponseStream().CopyTo(read);
                Console.WriteLine(Convert.ToBase64String(read.ToArray()));
            }
            using (var client = new HttpClient(new HttpClientHandler { AutomaticDecompression = accepted }))
            {
                client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", credential);
                var content = new StringContent(body, Encoding.UTF8, "application/json");
                var response = client.PostAsync(address, content).Result;
                Console.WriteLine(Convert.ToBase64String(response.Content.ReadAsByteArrayAsync().Result));
            }
        }
    }
}
