return await Fabric.Agent.AgentProgram.RunAsync(args);
