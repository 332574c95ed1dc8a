using System.Text;
using CsCheck;
using Insula.Engine.Containers;
using Insula.Engine.Watching;

namespace Insula.Engine.Tests.Watching;

public class ApiRequestTests
{
    private static readonly Gen<ApiRequest> Requests =
        from events in Gen.Bool
        from since in Gen.Long[0, long.MaxValue]
        from hasSince in Gen.Bool
        from ctids in Gen.Int[0, Ctid.MaxValue].HashSet[0, 8]
        select new ApiRequest(events ? ApiRequestKind.Events : ApiRequestKind.Status, hasSince ? since : null, ctids.Select(number => new Ctid(number)).ToHashSet());

    [Fact]
    public void What_is_written_is_read()
        => Requests.Sample(written =>
        {
            var read = ApiRequest.Parse(written.ToLine().AsSpan()[..^1], out var error);
            return error is null && read!.Kind == written.Kind && read.Since == written.Since && read.Containers.SetEquals(written.Containers);
        });

    [Theory]
    [InlineData("", "no JSON object")]
    [InlineData("hello", "no JSON object")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{", "no JSON object")]
    [InlineData("""{"insula":2,"request":"events"}""", "version 1")]
    [InlineData("""{"request":"events"}""", "version 1")]
    [InlineData("""{"insula":1}""", "events, status or sysinfo")]
    [InlineData("""{"insula":1,"request":"shutdown"}""", "events, status or sysinfo")]
    [InlineData("""{"insula":1,"request":"sysinfo","ctids":[101,102]}""", "one container")]
    [InlineData("""{"insula":1,"request":"events","since":-1}""", "negative")]
    [InlineData("""{"insula":1,"request":"events","since":"1"}""", "expected types")]
    [InlineData("""{"insula":1,"request":"events","since":1e30}""", "expected types")]
    [InlineData("""{"insula":1,"request":"events","ctids":101}""", "array")]
    [InlineData("""{"insula":1,"request":"events","ctids":[-5]}""", "array")]
    [InlineData("""{"insula":1,"request":"events","ctids":[[1]]}""", "array")]
    [InlineData("""{"insula":1,"request":"events"}{"insula":1}""", "no JSON object")]
    public void What_is_no_request_is_refused_with_the_reason(string line, string reason)
    {
        Assert.Null(ApiRequest.Parse(Encoding.UTF8.GetBytes(line), out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_later_version_may_add_is_passed_over()
        => Assert.NotNull(ApiRequest.Parse("""{"insula":1,"colour":{"deep":[1,{"x":2}]},"request":"status"}"""u8, out _));

    [Fact]
    public void Too_many_containers_are_refused()
    {
        var numbers = string.Join(',', Enumerable.Range(1, ApiRequest.MostContainers + 1));
        Assert.Null(ApiRequest.Parse(Encoding.UTF8.GetBytes($$"""{"insula":1,"request":"events","ctids":[{{numbers}}]}"""), out _));
    }

    [Fact]
    public void No_bytes_break_the_parser()
        => Gen.OneOf(Gen.Byte.Array[0, 200], Gen.String[Gen.Char["{}[]\":,0123456789 insularequetvc\\u"], 0, 80].Select(Encoding.UTF8.GetBytes), Broken())
            .Sample(bytes => ApiRequest.Parse(bytes, out var error) is null == error is not null);

    // A valid line with one byte changed, or cut off.
    private static Gen<byte[]> Broken()
        => from request in Requests
           from place in Gen.Int[0, 200]
           from value in Gen.Byte
           from cut in Gen.Bool
           select Break(request.ToLine(), place, value, cut);

    private static byte[] Break(byte[] line, int place, byte value, bool cut)
    {
        place %= line.Length;
        if (cut)
            return line[..place];
        line[place] = value;
        return line;
    }
}
