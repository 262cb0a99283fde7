# Finds the .NET SDK, also where sudo's PATH does not lead. Sourced by tools/lab, tools/test and .ci/run.

find_dotnet() {
    local directory
    for directory in "$(dirname "$(readlink -f "$(command -v dotnet || echo /nowhere/dotnet)")")" "${DOTNET_ROOT:-}" \
        /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet /opt/dotnet \
        "$(getent passwd "${SUDO_USER:-root}" | cut -d: -f6)/.dotnet"; do
        if [ -n "$directory" ] && [ -x "$directory/dotnet" ] && [ -d "$directory/sdk" ]; then
            export DOTNET_ROOT="$directory" PATH="$directory:$PATH"
            return
        fi
    done
    echo "the .NET 10 SDK is not installed (https://dotnet.microsoft.com/download/dotnet/10.0)" >&2
    return 1
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
