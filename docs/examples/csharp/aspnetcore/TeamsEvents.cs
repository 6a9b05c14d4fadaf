// Receives events in ASP.NET Core: WEBHOOK_URL leads here. In Program.cs:
//   app.MapPost("/teams/events", TeamsEvents.ReceiveAsync).DisableAntiforgery();
using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using TeamsConnect;

namespace Ats
{
    public static class TeamsEvents
    {
        public static async Task<IResult> ReceiveAsync(HttpRequest request, IConfiguration settings, IEventTable table)
        {
            var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            string Header(string name) => request.Headers[name].ToString();
            var id = Header("webhook-id");
            var isOurs = EventSignature.IsValid(
                settings["TeamsConnect:WebhookSecret"],
                id,
                Header("webhook-timestamp"),
                Header("webhook-signature"),
                body.ToArray(),
                DateTime.UtcNow);
            if (!isOurs)
            {
                return Results.Unauthorized();
            }
            // An id that is there already is the same fact. What follows from an event comes later, from this table.
            await table.InsertUnlessKnownAsync(id, body.ToArray());
            return Results.NoContent();
        }
    }
}
