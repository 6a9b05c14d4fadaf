//! The simulator on its own, until Ctrl-C.

use std::io::{self, Write as _};
use std::net::SocketAddr;

use clap::Parser;
use microsoft_simulator::{Directory, Simulator, SimulatorSettings, demo};

/// A strict simulator of Microsoft Entra ID and Microsoft Graph online meetings.
#[derive(Parser)]
struct Arguments {
    /// Address of the login side; loopback only.
    #[arg(long, default_value = "127.0.0.1:9100")]
    login: SocketAddr,
    /// Address of Graph; loopback only.
    #[arg(long, default_value = "127.0.0.1:9200")]
    graph: SocketAddr,
    /// A redirect URI registered on the demo applications; may be repeated.
    #[arg(long = "redirect-uri", default_value = "http://localhost:8080/oauth/callback")]
    redirect_uris: Vec<String>,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let simulator = Simulator::start(SimulatorSettings {
        login: arguments.login,
        graph: arguments.graph,
        directory: Directory::demo(&arguments.redirect_uris),
    })
    .await?;
    let mut out = io::stdout();
    writeln!(out, "login          {}", simulator.login_url())?;
    writeln!(out, "graph          {}", simulator.graph_url())?;
    for uri in &arguments.redirect_uris {
        writeln!(out, "redirect URI   {uri}")?;
    }
    for (name, tenant, client, secret) in [
        (demo::KADRY_DOMAIN, demo::KADRY_TENANT, demo::KADRY_CLIENT_ID, demo::KADRY_SECRET),
        (demo::PRACA_DOMAIN, demo::PRACA_TENANT, demo::PRACA_CLIENT_ID, demo::PRACA_SECRET),
    ] {
        writeln!(out, "\n{name}")?;
        writeln!(out, "  tenant id    {tenant}")?;
        writeln!(out, "  client id    {client}")?;
        writeln!(out, "  secret       {secret}")?;
    }
    writeln!(out, "\nusers and more at {}/", simulator.login_url())?;
    tokio::signal::ctrl_c().await?;
    simulator.shutdown().await;
    Ok(())
}
