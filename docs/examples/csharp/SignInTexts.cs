// What the completion page tells a recruiter, by the code in `error` or of a problem. Codes may be added: an unknown one
// gets the last text, and its page at /problems/{code}.
namespace TeamsConnect
{
    public static class SignInTexts
    {
        public static string For(string code)
        {
            switch (code)
            {
                case "sign_in_declined":
                    return "You closed Microsoft's page or declined. Please try again and accept.";
                case "sign_in_failed":
                case "sign_in_expired":
                case "sign_in_not_found":
                case "handle_unusable":
                case "handle_used":
                    return "The sign-in was interrupted or took too long. Please try again.";
                case "different_account":
                    return "You signed in with a different account than before. Please use the previous one.";
                case "account_of_another_tenant":
                case "account_is_guest":
                    return "Please sign in with your own account at this company.";
                case "wrong_user":
                    return "This link was created for somebody else. Please request your own.";
                case "mfa_needed":
                case "sign_in_frequency":
                case "password_expired":
                case "account_locked":
                    return "Microsoft needs more information from you. Please sign in at office.com first, then try again here.";
                case "throttled":
                case "microsoft_unavailable":
                case "vault_unavailable":
                case "too_slow":
                case "too_many_requests":
                case "no_answer":
                    return "This is not working at the moment. Please try again in a few minutes.";
                default:
                    return "Your administrator needs to act before you can connect. Please forward this code to them.";
            }
        }
    }
}
