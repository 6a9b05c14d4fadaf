// Orders a meeting, and says who must act where none came of it.
using System;
using System.Threading;
using System.Threading.Tasks;
using TeamsConnect;

static class Order
{
    static async Task RunAsync(string[] arguments)
    {
        using (var cancel = new CancellationTokenSource(TimeSpan.FromMinutes(3)))
        using (var client = new TeamsConnectClient(Setting("TEAMS_CONNECT_URL"), Setting("API_KEY")))
        {
            var answer = await client
                .OrderMeetingAsync(arguments[0], arguments[1], arguments[2], arguments[3], cancel.Token)
                .ConfigureAwait(false);
            if (answer.Succeeded)
            {
                Console.WriteLine($"{answer.Outcome} {answer.Id} {answer.Link}");
            }
            else if (answer.Mend != null)
            {
                // pending_reauth: a link for the recruiter. customer_blocked: one for the customer's administrator.
                var link = await client.OrderLinkAsync(answer.Mend, cancel.Token).ConfigureAwait(false);
                Console.WriteLine($"{answer.Outcome} {answer.Code} {link.Url}");
            }
            else
            {
                // rejected: correct the order. retry_later: it still did not succeed.
                Console.WriteLine($"{answer.Outcome} {answer.Code} {answer.Detail}");
            }
        }
    }

    static string Setting(string name) => Environment.GetEnvironmentVariable(name);

    static void Main(string[] arguments) => RunAsync(arguments).GetAwaiter().GetResult();
}
