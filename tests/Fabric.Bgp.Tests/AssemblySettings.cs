// A test's fields are its own.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
