using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class GetFolderOperation : FoldersOperation
{
    public override string Name => "GetFolder";

    protected override XElement RunOne(OperationContext context, XElement request, SimulatedFolder folder) => ResponseFrame.Success(
        Name, new XElement(M + "Folders", FolderShape.Read(request.Element(M + "FolderShape")).Render(folder)));
}
