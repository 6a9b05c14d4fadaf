// Reads headers and body of an event as arguments, and says whether the example takes it.
using System;
using System.Text;
using TeamsConnect;

public static class CheckSignature
{
    public static int Main(string[] words)
    {
        var body = Encoding.UTF8.GetBytes(words[4]);
        return EventSignature.IsValid(words[0], words[1], words[2], words[3], body, DateTime.UtcNow) ? 0 : 1;
    }
}
