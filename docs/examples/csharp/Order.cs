// Orders a meeting, and goes on until the answer is final. Needs nothing but the framework.
using System;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading.Tasks;

// A meeting, a problem or a link: each has some of these.
[DataContract]
class Answer
{
    [DataMember(Name = "outcome")] public string Outcome { get; set; }
    [DataMember(Name = "id")] public string Id { get; set; }
    [DataMember(Name = "join_url")] public string JoinUrl { get; set; }
    [DataMember(Name = "code")] public string Code { get; set; }
    [DataMember(Name = "detail")] public string Detail { get; set; }
    [DataMember(Name = "retryable")] public bool Retryable { get; set; }
    [DataMember(Name = "mend")] public Mend Mend { get; set; }
    [DataMember(Name = "url")] public string Url { get; set; }
}

[DataContract]
class Mend
{
    [DataMember(Name = "method")] public string Method { get; set; }
    [DataMember(Name = "url")] public string Url { get; set; }
}

static class Order
{
    const int Tries = 5;
    static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };

    static async Task<Answer> Place(string customer, string user, string interview, string body)
    {
        var url = $"{Setting("TEAMS_CONNECT_URL")}/v1/customers/{customer}/users/{user}/meetings";
        for (var attempt = 1; ; attempt++)
        {
            var wait = TimeSpan.FromSeconds(5);
            try
            {
                var request = Request("POST", url);
                // The key names the interview, not the attempt: however often this is repeated, there is one meeting.
                request.Headers.Add("Idempotency-Key", interview);
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                var response = await Http.SendAsync(request);
                var answer = await Read(response);
                if (response.IsSuccessStatusCode || !answer.Retryable || attempt == Tries) return answer;
                wait = response.Headers.RetryAfter?.Delta ?? wait;
            }
            // A lost answer is repeated like one that says so.
            catch (HttpRequestException) when (attempt < Tries) { }
            catch (TaskCanceledException) when (attempt < Tries) { }
            await Task.Delay(wait);
        }
    }

    static HttpRequestMessage Request(string method, string url)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Headers.Add("Authorization", "Bearer " + Setting("API_KEY"));
        return request;
    }

    static async Task<Answer> Read(HttpResponseMessage response)
    {
        using (var body = await response.Content.ReadAsStreamAsync())
            return (Answer)new DataContractJsonSerializer(typeof(Answer)).ReadObject(body);
    }

    static string Setting(string name) => Environment.GetEnvironmentVariable(name);

    static async Task Run(string[] arguments)
    {
        var answer = await Place(arguments[0], arguments[1], arguments[2], arguments[3]);
        if (answer.JoinUrl != null)
        {
            Console.WriteLine($"{answer.Outcome} {answer.Id} {answer.JoinUrl}");
        }
        else if (answer.Mend != null)
        {
            // pending_reauth: a link for the recruiter. customer_blocked: one for the customer's administrator.
            var link = await Read(await Http.SendAsync(Request(answer.Mend.Method, answer.Mend.Url)));
            Console.WriteLine($"{answer.Outcome} {answer.Code} {link.Url}");
        }
        else
        {
            // rejected: correct the order. retry_later: it still did not succeed.
            Console.WriteLine($"{answer.Outcome} {answer.Code} {answer.Detail}");
        }
    }

    static void Main(string[] arguments) => Run(arguments).GetAwaiter().GetResult();
}
