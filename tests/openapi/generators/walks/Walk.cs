// The whole journey by the client that NSwag generates.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using TeamsConnect;

static class Walk
{
    const string User = "anna";

    static async Task Run(string customer)
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Setting("API_KEY"));
        var client = new TeamsConnectClient(http) { BaseUrl = Setting("TEAMS_CONNECT_URL") };

        var credentials = new Credentials
        {
            Tenant = Setting("TENANT"),
            Client_id = Setting("CLIENT_ID"),
            Client_secret = Setting("CLIENT_SECRET"),
        };
        var known = await client.HandOverCredentialsAsync(customer, null, credentials);
        Say("configured", known.Customer);
        var intake = await client.OrderIntakeLinkAsync(customer, null, null);
        Say("intake", intake.Url);
        var link = await client.OrderConnectLinkAsync(customer, User, null, new ConnectLinkOrder { Language = Language.Pl });
        Say("connect", link.Url);
        var completion = new Completion { Handle = Console.ReadLine() };
        var connection = await client.CompleteConnectionAsync(customer, User, null, completion);
        Say("connected", connection.State, connection.Account.Upn);

        var order = new MeetingOrder
        {
            Subject = "Rozmowa: Adam Wiśniewski",
            Start = Setting("START"),
            End = Setting("END"),
            Attendees = new[] { "adam@example.org" },
            Lobby = Lobby.Invited,
            Presenters = Presenters.Named,
            Presenter_addresses = new[] { Setting("PRESENTER") },
        };
        var meeting = await client.OrderMeetingAsync(customer, User, "interview-1", null, order);
        Say(meeting.Outcome, meeting.Id);
        var again = await client.OrderMeetingAsync(customer, User, "interview-1", null, order);
        Say(again.Outcome, again.Id);
        var read = await client.ReadMeetingAsync(customer, User, meeting.Id, null);
        Say("read", read.Settings.Lobby, read.Settings.Presenters, string.Join(",", read.Presenter_addresses));
        var change = new MeetingChange { Subject = "Rozmowa: Zażółć Gęślą" };
        var changed = await client.ChangeMeetingAsync(customer, User, meeting.Id, null, null, change);
        Say(changed.Outcome, changed.Subject);
        using (var invitation = await client.ReadInvitationAsync(customer, User, meeting.Id, null, Language.Pl, null, null, null, null, null))
        using (var lines = new StreamReader(invitation.Stream, Encoding.UTF8))
            Say("invitation", lines.ReadLine());
        await client.CancelMeetingAsync(customer, User, meeting.Id, null, null);
        Say("cancelled");
        try
        {
            await client.ReadMeetingAsync(customer, User, meeting.Id, null);
        }
        catch (ApiException<Problem> refusal)
        {
            Say("problem", refusal.StatusCode, refusal.Result.Code, refusal.Result.Outcome, refusal.Result.Retryable);
        }
        Say("listed", (await List(client)).Contains(customer));
        await client.OffboardCustomerAsync(customer, null);
        Say("offboarded");
    }

    static async Task<List<string>> List(TeamsConnectClient client)
    {
        var found = new List<string>();
        string page = null;
        do
        {
            var answer = await client.ListCustomersAsync(null, page, null, null, null, null, null, null, null);
            found.AddRange(answer.Customers.Select(one => one.Customer));
            page = answer.Next_page;
        }
        while (page != null);
        return found;
    }

    static string Setting(string name) => Environment.GetEnvironmentVariable(name);

    static void Say(params object[] words) => Console.WriteLine(string.Join(" ", words));

    static void Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        Run(arguments[0]).GetAwaiter().GetResult();
    }
}
