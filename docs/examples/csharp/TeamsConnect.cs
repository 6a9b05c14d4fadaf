// Calls Teams Connect: waits and repeats where that helps, whoever answers. Needs nothing but the framework, .NET Framework
// 4.6.1 or .NET 6. Before .NET Framework 4.7, switch TLS 1.2 on once at start:
//   System.Net.ServicePointManager.SecurityProtocol |= System.Net.SecurityProtocolType.Tls12;
using System;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace TeamsConnect
{
    // A meeting, a connection, a link or a problem: each has some of these. What is not known here is left aside.
    [DataContract]
    public sealed class Answer
    {
        [DataMember(Name = "outcome")] public string Outcome { get; set; }
        [DataMember(Name = "id")] public string Id { get; set; }
        [DataMember(Name = "link")] public string Link { get; set; }
        [DataMember(Name = "state")] public string State { get; set; }
        [DataMember(Name = "account")] public Account Account { get; set; }
        [DataMember(Name = "url")] public string Url { get; set; }
        [DataMember(Name = "code")] public string Code { get; set; }
        [DataMember(Name = "detail")] public string Detail { get; set; }
        [DataMember(Name = "retryable")] public bool Retryable { get; set; }
        [DataMember(Name = "trace_id")] public string TraceId { get; set; }
        [DataMember(Name = "mend")] public Mend Mend { get; set; }

        public bool Succeeded => Code == null;
    }

    [DataContract]
    public sealed class Account
    {
        [DataMember(Name = "name")] public string Name { get; set; }
        [DataMember(Name = "upn")] public string Upn { get; set; }
    }

    // The request whose answer has a link for whoever can solve the problem.
    [DataContract]
    public sealed class Mend
    {
        [DataMember(Name = "method")] public string Method { get; set; }
        [DataMember(Name = "url")] public string Url { get; set; }
        [DataMember(Name = "body")] public ConnectLinkOrder Body { get; set; }
    }

    [DataContract]
    public sealed class ConnectLinkOrder
    {
        // Lets the recruiter choose the account: single sign-on would pick the same one again.
        [DataMember(Name = "select_account")] public bool SelectAccount { get; set; }
    }

    public sealed class TeamsConnectClient : IDisposable
    {
        const int Tries = 5;
        const int LongestWait = 30;

        readonly HttpClient http;
        readonly Random random = new Random();

        // One client for the whole process: each has its own connections.
        public TeamsConnectClient(string url, string apiKey)
        {
            http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
            http.DefaultRequestHeaders.Add("Authorization", "Bearer " + apiKey);
        }

        public void Dispose() => http.Dispose();

        // The key names the interview, not the attempt: however often this is repeated, there is one meeting.
        public Task<Answer> OrderMeetingAsync(
            string customer, string user, string interview, string order, CancellationToken cancel) =>
            SendAsync("POST", $"{Recruiter(customer, user)}/meetings", order, interview, cancel);

        public Task<Answer> OrderConnectLinkAsync(
            string customer, string user, ConnectLinkOrder order, CancellationToken cancel) =>
            SendAsync("POST", $"{Recruiter(customer, user)}/connect-links", Written(order), null, cancel);

        // The handle of the completion page. Customer and user come from your session, never from the address.
        public async Task<Answer> CompleteConnectionAsync(
            string customer, string user, string handle, CancellationToken cancel)
        {
            var connection = $"{Recruiter(customer, user)}/connection";
            var body = "{\"handle\":\"" + handle.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"}";
            var answer = await SendAsync("POST", connection, body, null, cancel).ConfigureAwait(false);
            // A handle counts once. If the answer to the first attempt was lost, the recruiter is connected nevertheless.
            if (answer.Code != "handle_used") return answer;
            var state = await SendAsync("GET", connection, null, null, cancel).ConfigureAwait(false);
            return state.State == "active" ? state : answer;
        }

        // A link for whoever can solve the problem: for `pending_reauth` the recruiter, otherwise the administrator.
        public Task<Answer> OrderLinkAsync(Mend mend, CancellationToken cancel) =>
            SendAsync(mend.Method, mend.Url, mend.Body == null ? null : Written(mend.Body), null, cancel);

        static string Written(ConnectLinkOrder order) => order.SelectAccount ? "{\"select_account\":true}" : "{}";

        static string Recruiter(string customer, string user) =>
            $"/v1/customers/{Uri.EscapeDataString(customer)}/users/{Uri.EscapeDataString(user)}";

        async Task<Answer> SendAsync(string method, string url, string body, string key, CancellationToken cancel)
        {
            for (var attempt = 1; ; attempt++)
            {
                TimeSpan? told = null;
                var answer = new Answer { Outcome = "retry_later", Code = "no_answer", Retryable = true };
                try
                {
                    using (var request = new HttpRequestMessage(new HttpMethod(method), url))
                    {
                        if (key != null) request.Headers.Add("Idempotency-Key", key);
                        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                        using (var response = await http.SendAsync(request, cancel).ConfigureAwait(false))
                        {
                            answer = await ReadAsync(response).ConfigureAwait(false);
                            var after = response.Headers.RetryAfter;
                            told = after?.Delta ?? after?.Date - DateTimeOffset.UtcNow;
                        }
                    }
                }
                // A lost answer is repeated like one that asks for it. What the caller cancels ends here.
                catch (HttpRequestException) { }
                catch (TaskCanceledException) when (!cancel.IsCancellationRequested) { }
                if (!answer.Retryable || attempt == Tries) return answer;
                await Task.Delay(Wait(attempt, told), cancel).ConfigureAwait(false);
            }
        }

        // As long as we are told, or twice as long each time; and some chance, so that not all come back at once.
        TimeSpan Wait(int attempt, TimeSpan? told)
        {
            double chance;
            lock (random) chance = random.NextDouble();
            if (told != null) return told.Value + TimeSpan.FromSeconds(chance);
            return TimeSpan.FromSeconds(Math.Min(LongestWait, Math.Pow(2, attempt)) * (0.5 + chance / 2));
        }

        // Before the product stand a gateway and perhaps a proxy. Their answers are not ours, whatever their body is.
        static async Task<Answer> ReadAsync(HttpResponseMessage response)
        {
            var media = response.Content?.Headers.ContentType?.MediaType ?? "";
            if (media.EndsWith("json", StringComparison.OrdinalIgnoreCase))
            {
                using (var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false))
                {
                    try
                    {
                        var answer = (Answer)new DataContractJsonSerializer(typeof(Answer)).ReadObject(body);
                        if (response.IsSuccessStatusCode || answer?.Code != null) return answer;
                    }
                    catch (SerializationException) { }
                }
            }
            var status = (int)response.StatusCode;
            var waits = status == 429 || status >= 500;
            return new Answer
            {
                Outcome = waits ? "retry_later" : "rejected",
                Code = response.IsSuccessStatusCode ? null : "status_" + status,
                Detail = response.ReasonPhrase,
                Retryable = waits,
            };
        }
    }
}
