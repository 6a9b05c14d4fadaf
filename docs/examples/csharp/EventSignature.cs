// Whether an event is ours (Standard Webhooks). C# 7 and .NET Framework 4.5 suffice.
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace TeamsConnect
{
    public static class EventSignature
    {
        const long ToleranceSeconds = 300;
        static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        // `secret` is what the operator gave you (whsec_…), the others are the headers webhook-id, webhook-timestamp and
        // webhook-signature, and the bytes that came. While the operator replaces the secret, there are two signatures.
        public static bool IsValid(string secret, string id, string timestamp, string signatures, byte[] body, DateTime now)
        {
            if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures) || !long.TryParse(timestamp, out var at))
            {
                return false;
            }
            if (Math.Abs((now.ToUniversalTime() - Epoch).TotalSeconds - at) > ToleranceSeconds)
            {
                return false;
            }
            var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret.Substring(6) : secret);
            using (var hash = new HMACSHA256(key))
            {
                var content = Encoding.UTF8.GetBytes(id + "." + timestamp + ".").Concat(body).ToArray();
                var own = "v1," + Convert.ToBase64String(hash.ComputeHash(content));
                return signatures.Split(' ').Any(other => AreEqual(own, other));
            }
        }

        // Takes the same time wherever they differ.
        static bool AreEqual(string own, string other)
        {
            var difference = own.Length ^ other.Length;
            for (var at = 0; at < own.Length && at < other.Length; at++)
            {
                difference |= own[at] ^ other[at];
            }
            return difference == 0;
        }
    }
}
