using Fabric.Lab;

return await LabCommand.RunAsync(args);
