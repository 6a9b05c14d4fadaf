// The completion page in ASP.NET Core, as a Razor page: ATS_COMPLETION_URL leads here. In Program.cs:
//   builder.Services.AddSingleton(new TeamsConnect.TeamsConnectClient(url, key));
// The query has less than 500 characters, so neither Kestrel nor IIS needs a setting.
using System.Security.Claims;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TeamsConnect;

namespace Ats
{
    [Authorize]
    [ResponseCache(NoStore = true)]
    public class TeamsCompleteModel : PageModel
    {
        readonly TeamsConnectClient client;

        public TeamsCompleteModel(TeamsConnectClient client) => this.client = client;

        public string Result { get; private set; } = "Microsoft Teams is not connected";
        public string Explanation { get; private set; } = "";
        public string Again { get; private set; }

        public async Task OnGetAsync(string handle, string error, CancellationToken cancel)
        {
            // Whose sign-in it was, says your session. Never take customer or user from the address.
            var customer = User.FindFirstValue("customer");
            var user = User.FindFirstValue(ClaimTypes.NameIdentifier);
            var code = error;
            if (!string.IsNullOrEmpty(handle))
            {
                var answer = await client.CompleteConnectionAsync(customer, user, handle, cancel);
                if (answer.Succeeded)
                {
                    Result = "Microsoft Teams is connected";
                    // Your own check: is it the account that you know of this user? If not, ask, and disconnect.
                    Explanation = answer.Account == null ? "" : $"{answer.Account.Name} ({answer.Account.Upn})";
                    return;
                }
                code = answer.Code;
            }
            Explanation = $"{SignInTexts.For(code)} ({code})";
            var order = new ConnectLinkOrder { SelectAccount = code == "different_account" };
            Again = (await client.OrderConnectLinkAsync(customer, user, order, cancel)).Url;
        }
    }
}
