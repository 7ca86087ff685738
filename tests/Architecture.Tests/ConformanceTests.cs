using Microsoft.CodeAnalysis;

namespace Relay.Architecture.Tests;

/// <summary>Holds docs/conformance.md and the citations in the code together.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private static readonly ConformancePage Page = ConformancePage.Read();

    private static readonly ILookup<string, string> CitedIn = SourceTree.All
        .SelectMany(file => file.Comments
            .SelectMany(comment => Citations.In(comment.ToFullString()))
            .Select(section => (section, file.Path)))
        .ToLookup(citation => citation.section, citation => citation.Path);

    [Fact]
    public void Every_cited_section_has_a_row()
    {
        string[] sections = [.. Page.Rows.Concat(Page.Departures).Select(row => row.Section)];
        IEnumerable<string> missing = CitedIn.Where(cited => !sections.Contains(cited.Key))
            .Select(cited => $"{cited.Key}, cited in {cited.First()}");

        Expect.None(missing.Order());
    }

    [Fact]
    public void Every_row_that_says_yes_or_partly_is_cited()
    {
        IEnumerable<string> uncited = Page.Rows
            .Where(row => row.Followed is "yes" or "partly" && !IsCited(row.Section))
            .Select(row => row.Line);

        Expect.None(uncited);
    }

    [Fact]
    public void Rows_are_well_formed()
    {
        IEnumerable<string> wrong = Page.Rows
            .Where(row => row.Followed is not ("yes" or "partly" or "no")
                || row.What.Length == 0
                || (row.Followed != "yes" && row.Note.Length == 0))
            .Select(row => row.Line);

        Expect.None(wrong);
    }

    [Fact]
    public void A_section_has_one_row()
    {
        IEnumerable<string> repeated = Page.Rows.GroupBy(row => row.Section).Where(same => same.Count() > 1).Select(same => same.Key);

        Expect.None(repeated);
    }

    /// <summary>"Departs from RFC 5321 §4.1.4: …" in the code ↔ a row in the table of departures.</summary>
    [Fact]
    public void Departures_in_the_code_and_on_the_page_are_the_same()
    {
        string[] inCode = [.. SourceTree.All.SelectMany(file => file.Comments.SelectMany(Departures)).Distinct().Order()];
        string[] onPage = [.. Page.Departures.Select(row => row.Section).Distinct().Order()];

        Assert.Equal(onPage, inCode);
    }

    [Fact]
    public void Standards_are_cited_in_one_form()
    {
        IEnumerable<string> other = SourceTree.All.SelectMany(file => file.Comments.SelectMany(comment =>
            Citations.InOtherForms(comment.ToFullString()).Select(citation => $"{file.Path}: {citation}")));

        Expect.None(other);
    }

    [Fact]
    public void Figures_of_citations_are_printed()
    {
        foreach (IGrouping<string, SourceFile> project in SourceTree.All.GroupBy(file => file.Path.Split('/')[1]))
        {
            int lines = project.Sum(file => file.Lines);
            int citations = project.Sum(file => file.Comments.Sum(comment => Citations.In(comment.ToFullString()).Count()));
            output.WriteLine($"{project.Key}: {citations} citations in {lines} lines, {1000.0 * citations / lines:0.0} a thousand");
        }

        Assert.NotEmpty(SourceTree.All);
    }

    [Theory]
    [InlineData("one section", "// As RFC 5321 §4.5.2 says.", "RFC 5321 §4.5.2")]
    [InlineData("the full stop ends the sentence", "// See RFC 5321 §2.", "RFC 5321 §2")]
    [InlineData("two of one standard", "/// RFC 5321 §4.5.2, §4.5.3.2.6", "RFC 5321 §4.5.2|RFC 5321 §4.5.3.2.6")]
    [InlineData("an appendix", "// RFC 5321 §D.1", "RFC 5321 §D.1")]
    [InlineData("no section", "// RFC 5321 says", "")]
    public void Citations_are_read_from_comments(string why, string comment, string sections) =>
        Assert.True(sections == string.Join('|', Citations.In(comment)), why);

    [Theory]
    [InlineData("no space", "// RFC5321")]
    [InlineData("a word for the sign", "// RFC 5321 section 4.5.2")]
    [InlineData("a space after the sign", "// RFC 5321 § 4.5.2")]
    public void Other_forms_of_citing_are_found(string why, string comment) =>
        Assert.True(Citations.InOtherForms(comment).Any(), why);

    private static bool IsCited(string section) => section.StartsWith("RFC ", StringComparison.Ordinal)
        ? CitedIn.Contains(section)
        : SourceTree.All.Any(file => file.Text.Contains(section, StringComparison.Ordinal));

    private static IEnumerable<string> Departures(SyntaxTrivia comment)
    {
        string text = comment.ToFullString();
        const string Opening = "Departs from ";
        int at = -1;
        while ((at = text.IndexOf(Opening, at + 1, StringComparison.Ordinal)) >= 0)
        {
            yield return Citations.In(text[at..]).FirstOrDefault() ?? $"(no section) {text[at..].Split('\n')[0]}";
        }
    }
}
