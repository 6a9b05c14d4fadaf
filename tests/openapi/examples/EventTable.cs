// What an ATS has of its own: the table of events that came.
namespace Ats
{
    public static class EventTable
    {
        public static void InsertUnlessKnown(string id, byte[] body)
        {
        }
    }
}
