// Receives events in ASP.NET WebForms: WEBHOOK_URL leads here. Beside it lies TeamsEvents.ashx with the one line
//   <%@ WebHandler Language="C#" Class="Ats.TeamsEvents" %>
using System;
using System.Configuration;
using System.IO;
using System.Web;
using TeamsConnect;

namespace Ats
{
    public class TeamsEvents : IHttpHandler
    {
        public bool IsReusable => true;

        public void ProcessRequest(HttpContext context)
        {
            var headers = context.Request.Headers;
            var id = headers["webhook-id"];
            var body = new MemoryStream();
            context.Request.InputStream.CopyTo(body);
            var secret = ConfigurationManager.AppSettings["TeamsConnectWebhookSecret"];
            var isOurs = EventSignature.IsValid(
                secret, id, headers["webhook-timestamp"], headers["webhook-signature"], body.ToArray(), DateTime.UtcNow);
            if (!isOurs)
            {
                context.Response.StatusCode = 401;
                return;
            }
            // An id that is there already is the same fact. What follows from an event comes later, from this table.
            EventTable.InsertUnlessKnown(id, body.ToArray());
            context.Response.StatusCode = 204;
        }
    }
}
