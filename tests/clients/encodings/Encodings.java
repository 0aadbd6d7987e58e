import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/** Asks by both of Java's clients, in each encoding, and prints what came: its encoding, and the body in base64. */
class Encodings {
    public static void main(String[] arguments) throws Exception {
        URI address = URI.create(arguments[0]);
        String credential = "Bearer " + arguments[1];
        String body = arguments[2];
        for (String accepted : new String[] {"", "gzip", "gzip, deflate"}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Authorization", credential)
                .POST(HttpRequest.BodyPublishers.ofString(body));
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Authorization", credential);
            if (!accepted.isEmpty()) {
                request.header("Accept-Encoding", accepted);
                connection.setRequestProperty("Accept-Encoding", accepted);
            }
            HttpResponse<InputStream> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            tell(response.headers().firstValue("Content-Encoding").orElse("identity"), response.body());
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            String encoding = connection.getHeaderField("Content-Encoding");
            tell(encoding == null ? "identity" : encoding, connection.getInputStream());
        }
    }

    private static void tell(String encoding, InputStream body) throws IOException {
        InputStream read = encoding.equals("gzip") ? new GZIPInputStream(body) : body;
        System.out.println(encoding + " " + Base64.getEncoder().encodeToString(read.readAllBytes()));
    }
}
