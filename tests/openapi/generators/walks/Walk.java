// The whole journey by the client that openapi-generator generates.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import teams.ApiClient;
import teams.ApiException;
import teams.api.ConnectionsApi;
import teams.api.CustomersApi;
import teams.api.MeetingsApi;
import teams.model.Completion;
import teams.model.ConnectLinkOrder;
import teams.model.Credentials;
import teams.model.CustomerPage;
import teams.model.Language;
import teams.model.Lobby;
import teams.model.MeetingChange;
import teams.model.MeetingOrder;
import teams.model.Presenters;
import teams.model.Problem;

class Walk {
    private static final String USER = "anna";
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        var customer = arguments[0];
        var client = new ApiClient();
        client.updateBaseUri(setting("TEAMS_CONNECT_URL"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + setting("API_KEY")));
        var customers = new CustomersApi(client);
        var connections = new ConnectionsApi(client);
        var meetings = new MeetingsApi(client);

        var credentials = new Credentials()
            .tenant(setting("TENANT"))
            .clientId(setting("CLIENT_ID"))
            .clientSecret(setting("CLIENT_SECRET"));
        say("configured", customers.handOverCredentials(customer, credentials, null).getCustomer());
        say("intake", customers.orderIntakeLink(customer, null, null).getUrl());
        var wish = new ConnectLinkOrder().language(Language.PL);
        say("connect", connections.orderConnectLink(customer, USER, null, wish).getUrl());
        var handle = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        var connection = connections.completeConnection(customer, USER, new Completion().handle(handle), null);
        say("connected", connection.getState(), connection.getAccount().getUpn());

        var order = new MeetingOrder()
            .subject("Rozmowa: Adam Wiśniewski")
            .start(setting("START"))
            .end(setting("END"))
            .addAttendeesItem("adam@example.org")
            .lobby(Lobby.INVITED)
            .presenters(Presenters.NAMED)
            .addPresenterAddressesItem(setting("PRESENTER"));
        var meeting = meetings.orderMeeting(customer, USER, "interview-1", order, null);
        say(meeting.getOutcome(), meeting.getId());
        var again = meetings.orderMeeting(customer, USER, "interview-1", order, null);
        say(again.getOutcome(), again.getId());
        var read = meetings.readMeeting(customer, USER, meeting.getId(), null);
        var settings = read.getSettings();
        say("read", settings.getLobby(), settings.getPresenters(), String.join(",", read.getPresenterAddresses()));
        var change = new MeetingChange().subject("Rozmowa: Zażółć Gęślą");
        var changed = meetings.changeMeeting(customer, USER, meeting.getId(), change, null, null);
        say(changed.getOutcome(), changed.getSubject());
        var invitation = meetings.readInvitation(customer, USER, meeting.getId(), null, Language.PL, null, null, null, null, null);
        say("invitation", Files.readAllLines(invitation.toPath()).get(0));
        meetings.cancelMeeting(customer, USER, meeting.getId(), null, null);
        say("cancelled");
        try {
            meetings.readMeeting(customer, USER, meeting.getId(), null);
        } catch (ApiException refusal) {
            var problem = client.getObjectMapper().readValue(refusal.getResponseBody(), Problem.class);
            say("problem", refusal.getCode(), problem.getCode(), problem.getOutcome(), problem.getRetryable());
        }
        say("listed", list(customers).contains(customer));
        customers.offboardCustomer(customer, null);
        say("offboarded");
    }

    private static List<String> list(CustomersApi customers) throws ApiException {
        var found = new ArrayList<String>();
        String next = null;
        do {
            CustomerPage page = customers.listCustomers(null, next, null, null, null, null, null, null, null);
            page.getCustomers().forEach(one -> found.add(one.getCustomer()));
            next = page.getNextPage();
        } while (next != null);
        return found;
    }

    private static String setting(String name) {
        return System.getenv(name);
    }

    private static void say(Object... words) {
        OUT.println(Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ")));
    }
}
