<%@ Page Language="C#" Async="true" AsyncTimeout="90" CodeBehind="TeamsComplete.aspx.cs" Inherits="Ats.TeamsComplete" %>
<!DOCTYPE html>
<html lang="en">
<head><title>Microsoft Teams</title><meta name="referrer" content="no-referrer" /></head>
<body>
  <h1><asp:Literal ID="Result" runat="server" Mode="Encode" /></h1>
  <p><asp:Literal ID="Explanation" runat="server" Mode="Encode" /></p>
  <p><asp:HyperLink ID="Again" runat="server" Visible="false">Sign in again</asp:HyperLink></p>
</body>
</html>
