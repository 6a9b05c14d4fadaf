// The completion page in ASP.NET WebForms: ATS_COMPLETION_URL leads here. The query has less than
// 500 characters, so IIS needs no setting.
using System;
using System.Configuration;
using System.Threading;
using System.Threading.Tasks;
using System.Web;
using System.Web.UI;
using System.Web.UI.WebControls;
using TeamsConnect;

namespace Ats
{
    public class TeamsComplete : Page
    {
        // One for the whole process.
        static readonly TeamsConnectClient Client = new TeamsConnectClient(
            ConfigurationManager.AppSettings["TeamsConnectUrl"], ConfigurationManager.AppSettings["TeamsConnectKey"]);

        protected Literal Result;
        protected Literal Explanation;
        protected HyperLink Again;

        // Never `.Wait()` or `.Result` on a page: the task would wait for the thread that waits for it.
        protected void Page_Load(object sender, EventArgs e) => RegisterAsyncTask(new PageAsyncTask(CompleteAsync));

        async Task CompleteAsync(CancellationToken cancel)
        {
            Response.Cache.SetCacheability(HttpCacheability.NoCache);
            if (!Request.IsAuthenticated)
            {
                Response.StatusCode = 401;
                return;
            }
            // Whose sign-in it was, says your session. Never take customer or user from the address.
            var customer = (string)Session["Customer"];
            var user = (string)Session["UserId"];
            var handle = Request.QueryString["handle"];
            if (string.IsNullOrEmpty(handle))
            {
                await ShowFailureAsync(customer, user, Request.QueryString["error"], cancel);
                return;
            }
            var answer = await Client.CompleteConnectionAsync(customer, user, handle, cancel);
            if (!answer.Succeeded)
            {
                await ShowFailureAsync(customer, user, answer.Code, cancel);
                return;
            }
            Result.Text = "Microsoft Teams is connected";
            // Your own check: is it the account that you know of this user? If not, ask, and disconnect if it is wrong.
            Explanation.Text = answer.Account == null ? "" : answer.Account.Name + " (" + answer.Account.Upn + ")";
        }

        async Task ShowFailureAsync(string customer, string user, string code, CancellationToken cancel)
        {
            Result.Text = "Microsoft Teams is not connected";
            Explanation.Text = SignInTexts.For(code) + " (" + code + ")";
            var order = new ConnectLinkOrder { SelectAccount = code == "different_account" };
            var link = await Client.OrderConnectLinkAsync(customer, user, order, cancel);
            Again.Visible = link.Url != null;
            Again.NavigateUrl = link.Url;
        }
    }
}
